import type { MailTarget } from '../../core/ports';

/** Longest text kept of anything that comes from outside, in characters. */
const MAX_LENGTH = 512;
/** A word as tokens are made of; of a token, what is shorter than this is of no use to anybody. */
const LONG_WORD = /[\w+/.~-]{16,}/g;

/** What a client says to AUTHENTICATE XOAUTH2 or AUTH XOAUTH2, in base64. */
export function xoauth2({ mailbox, bearer }: Pick<MailTarget, 'mailbox' | 'bearer'>): string {
  return Buffer.from(`user=${mailbox}\x01auth=Bearer ${bearer}\x01\x01`).toString('base64');
}

/**
 * Makes texts of the server and of Node fit for evidence: at most 512 characters, no control characters, and nothing
 * of the access token even where a server echoes what it received.
 */
export function textCleaner(target: Pick<MailTarget, 'mailbox' | 'bearer'>): (text: string) => string {
  const secrets = [xoauth2(target), target.bearer].filter((secret) => secret !== '');
  const hideParts = (word: string) => (secrets.some((secret) => secret.includes(word)) ? '(token)' : word);
  return (text) =>
    secrets
      .reduce((shown, secret) => shown.replaceAll(secret, '(token)'), text)
      .replace(LONG_WORD, hideParts)
      .replace(/[\p{Cc}\p{Cf}]/gu, '')
      .slice(0, MAX_LENGTH)
      // Half of a surrogate pair, which the cut may leave.
      .replace(/\p{Cs}$/u, '');
}
