/**
 * What may not be shown again of a text that somebody pastes: tokens, secrets and the SASL response. Every pattern is bounded, so that no
 * text makes it slow.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // A JWT, whole or cut off.
  [/\beyJ[\w-]{8,8192}(?:\.[\w-]{0,8192}){0,2}/g, '<token>'],
  [/\b(Bearer|Basic)\s{1,4}[\w.~+/=-]{8,8192}/gi, '$1 <token>'],
  [/\b(XOAUTH2)\s{1,4}[A-Za-z0-9+/=]{16,8192}/gi, '$1 <token>'],
  // In JSON, escaped or not, in queries and forms.
  [
    /((?:access_token|refresh_token|id_token|client_secret|client_assertion|password|code|sig)\\{0,4}"?\s{0,4}[:=]\s{0,4}\\{0,4}"?)[^\s"'&,;\\}]{4,8192}/gi,
    '$1<secret>',
  ],
  // A client secret in Entra ID's form, and a refresh token.
  [/\b[\w.~-]{3}[78]Q~[\w.~-]{31,40}/g, '<secret>'],
  [/\b[01]\.A[\w-]{2}[\w.-]{40,8192}/g, '<token>'],
  // SASL's initial response, which begins with user=.
  [/\bdXNlcj[A-Za-z0-9+/=]{16,8192}/g, '<token>'],
  [/\bya29\.[\w.-]{10,8192}/g, '<token>'],
];

/** The text without tokens and secrets. Never throws. */
export function redacted(text: string): string {
  return SECRETS.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);
}
