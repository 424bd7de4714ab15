import type { GraphMailAnswer, ImapFailure, PopFailure, TokenRefused } from '../core/evidence';
import { HELPDESK_SIGNS } from '../checks';
import { redacted } from './redact';

/** Something in a text that tells of a failure: what a probe would have seen in its place. */
export type Signal = { readonly line: number; readonly excerpt: string } & (
  | { readonly of: 'token'; readonly provider: 'microsoft' | 'google'; readonly refusal: TokenRefused }
  | { readonly of: 'imap'; readonly failure: ImapFailure }
  | { readonly of: 'pop'; readonly failure: PopFailure }
  /** Words of the helpdesk itself. `rank`: how far they are to be believed beside others. */
  | { readonly of: 'helpdesk'; readonly text: string; readonly rank: 'sure' | 'weak' }
  | { readonly of: 'graph'; readonly answer: Extract<GraphMailAnswer, { opened: false }> }
);

/** What is read of a text; a log has its error in less. */
export const MAX_TEXT = 1_000_000;
/** Longer lines are looked at in pieces, so that no pattern meets more than this at once. */
const PIECE = 4000;
const MAX_LINES = 20_000;
const MAX_SIGNALS = 50;
const EXCERPT = 200;

const OAUTH_ERROR =
  /["'\s]error["']?\s{0,3}[:=>]{1,2}\s{0,3}["']?(invalid_\w{1,30}|unauthorized_client|deleted_client|disabled_client|admin_policy_enforced|org_internal)/i;
const DESCRIPTION = /AADSTS\d{4,8}:?\s?[^"\r\n]{0,400}/;
const AADSTS = /AADSTS(\d{4,8})/g;
const GOOGLE_WORDS =
  /Token has been expired or revoked|provided client secret is invalid|OAuth client was (?:deleted|disabled)/i;

const IMAP_ANSWERS: readonly (readonly [RegExp, ImapFailure['step'], ImapFailure['kind']])[] = [
  [/BAD User is authenticated but not connected\.?/i, 'examine', 'bad'],
  [/User is authenticated but not connected\.?/i, 'examine', 'bad'],
  [/Request is throttled\.[^"\r\n]{0,100}/i, 'authenticate', 'bad'],
  [/NO Server Unavailable\.[^"\r\n]{0,20}/i, 'examine', 'no'],
  [/NO \[ALERT\][^"\r\n]{0,200}/i, 'authenticate', 'no'],
  [/NO \[AUTHENTICATIONFAILED\][^"\r\n]{0,200}/i, 'authenticate', 'no'],
  [/NO \[OVERQUOTA\][^"\r\n]{0,200}/i, 'examine', 'no'],
  [/(?:NO )?AUTHENTICATE failed\.?[^"\r\n]{0,200}/i, 'authenticate', 'no'],
];
const NETWORK: readonly (readonly [RegExp, ImapFailure])[] = [
  [
    /unable to find valid certification path|PKIX path building failed|self[- ]signed certificate|certificate verify failed|unable to get local issuer certificate/i,
    { step: 'tls', kind: 'tls', code: 'SELF_SIGNED_CERT_IN_CHAIN', text: '' },
  ],
  [
    /UnknownHostException|ENOTFOUND|EAI_AGAIN|Name or service not known|getaddrinfo failed/i,
    { step: 'dns', kind: 'socket', code: 'ENOTFOUND', text: '' },
  ],
  [
    /ECONNREFUSED|Connection refused|ConnectException|Connection timed out|ETIMEDOUT|connect timed out|No route to host/i,
    { step: 'tcp', kind: 'socket', code: 'ECONNREFUSED', text: '' },
  ],
];
const POP_REFUSAL = /-ERR (?:Authentication failure|Logon failure)[^"\r\n]{0,100}/i;
const GRAPH_ERRORS: readonly (readonly [RegExp, number, string])[] = [
  [/Default folder Inbox not found/i, 404, 'ErrorItemNotFound'],
  [/ErrorItemNotFound/, 404, 'ErrorItemNotFound'],
  [/The specified object was not found in the store/i, 404, 'ErrorItemNotFound'],
  [/MailboxNotEnabledForRESTAPI|REST API is not yet supported for this mailbox/i, 404, 'MailboxNotEnabledForRESTAPI'],
  [/ErrorInvalidUser|The requested user '[^'\r\n]{0,254}' is invalid/i, 404, 'ErrorInvalidUser'],
  [/ErrorAccessDenied/, 403, 'ErrorAccessDenied'],
  [/InvalidAuthenticationToken/, 401, 'InvalidAuthenticationToken'],
];

/** Every sign of a failure, in the order of the text; one that repeats is told once. Never throws. */
export function signalsIn(text: string): Signal[] {
  const found = new Map<string, Signal>();
  let number = 0;
  for (const line of unescaped(text.slice(0, MAX_TEXT)).split('\n', MAX_LINES)) {
    number++;
    for (let start = 0; start < line.length && found.size < MAX_SIGNALS; start += PIECE) {
      // A little of what went before, so that nothing is cut in two.
      const piece = line.slice(Math.max(0, start - EXCERPT), start + PIECE);
      for (const [key, signal] of inPiece(piece, number)) if (!found.has(key)) found.set(key, signal);
    }
  }
  return [...found.values()];
}

/** Logs hold JSON in JSON: backslashes before quotes say nothing, and escaped line ends are line ends. */
function unescaped(text: string): string {
  return text
    .replace(/\\+/g, '\\')
    .replace(/\\(["'/])/g, '$1')
    .replace(/(?:\\r)?\\n/g, '\n')
    .replaceAll('&quot;', '"')
    .replaceAll('\r', '');
}

function inPiece(line: string, number: number): (readonly [string, Signal])[] {
  const at = (match: RegExpExecArray) => {
    const start = Math.max(0, match.index - 60);
    return { line: number, excerpt: redacted(line.slice(start, start + EXCERPT)).trim() };
  };
  return [...tokenSignals(line, at), ...mailSignals(line, at), ...graphSignals(line, at), ...helpdeskSignals(line, at)];
}

type At = (match: RegExpExecArray) => { readonly line: number; readonly excerpt: string };

function tokenSignals(line: string, at: At): (readonly [string, Signal])[] {
  const numbers = [...line.matchAll(AADSTS)].map(([, number]) => Number(number));
  const said = DESCRIPTION.exec(line);
  if (said !== null && numbers.length > 0) {
    const refusal = refusalOf(OAUTH_ERROR.exec(line)?.[1] ?? 'invalid_request', numbers, redacted(said[0]));
    return [[`token ${numbers.join()}`, { ...at(said), of: 'token', provider: 'microsoft', refusal }]];
  }
  const google = GOOGLE_WORDS.exec(line);
  if (google === null) return [];
  const error = OAUTH_ERROR.exec(line)?.[1]?.toLowerCase();
  const refusal = refusalOf(error ?? googleError(google[0]), [], google[0]);
  return [[`google ${refusal.error}`, { ...at(google), of: 'token', provider: 'google', refusal }]];
}

function googleError(words: string): string {
  return /secret|client/i.test(words) ? 'invalid_client' : 'invalid_grant';
}

function refusalOf(error: string, aadsts: readonly number[], description: string): TokenRefused {
  // The most specific is told last in a text.
  return { issued: false, error, aadsts: aadsts.toReversed(), description, ms: 0 };
}

function mailSignals(line: string, at: At): (readonly [string, Signal])[] {
  const pop = POP_REFUSAL.exec(line);
  if (pop !== null) {
    return [['pop', { ...at(pop), of: 'pop', failure: { step: 'authenticate', kind: 'no', text: redacted(pop[0]) } }]];
  }
  for (const [pattern, step, kind] of IMAP_ANSWERS) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const text = redacted(match[0]);
    const backoff = /(\d{1,9}) milliseconds/.exec(text)?.[1];
    const failure = { step, kind, text, ...(backoff !== undefined && { backoffMs: Number(backoff) }) };
    return [[`imap ${step} ${kind} ${text}`, { ...at(match), of: 'imap', failure }]];
  }
  for (const [pattern, failure] of NETWORK) {
    const match = pattern.exec(line);
    if (match === null) continue;
    return [
      [`network ${failure.step}`, { ...at(match), of: 'imap', failure: { ...failure, text: redacted(match[0]) } }],
    ];
  }
  return [];
}

function graphSignals(line: string, at: At): (readonly [string, Signal])[] {
  for (const [pattern, status, code] of GRAPH_ERRORS) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const answer = { opened: false, status, code, message: redacted(match[0]), ms: 0 } as const;
    return [[`graph ${code}`, { ...at(match), of: 'graph', answer }]];
  }
  return [];
}

/** One look for all of them: most of a log holds none. */
const ANY_HELPDESK_SIGN = new RegExp(HELPDESK_SIGNS.map(({ signs }) => `(?:${signs.source})`).join('|'), 'i');

function helpdeskSignals(line: string, at: At): (readonly [string, Signal])[] {
  if (!ANY_HELPDESK_SIGN.test(line)) return [];
  return HELPDESK_SIGNS.flatMap(({ id, signs, confidence, severity }) => {
    const match = signs.exec(line);
    if (match === null) return [];
    const rank = confidence === 'possible' || severity === 'info' ? 'weak' : 'sure';
    return [[`helpdesk ${id}`, { ...at(match), of: 'helpdesk', text: match[0], rank }]];
  });
}
