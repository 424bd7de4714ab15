import type { MailSession } from '../../shared/core/evidence';
import { valueOf, type Reading } from '../../shared/core/reading';

export const MAILBOX = 'support@contoso.com';
export const BEARER = `eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.${'c2VjcmV0'.repeat(40)}.c2lnbmF0dXJl`;
export const SASL = Buffer.from(`user=${MAILBOX}\x01auth=Bearer ${BEARER}\x01\x01`).toString('base64');
/** Milliseconds; long enough for a busy machine to come to the step at which a script hangs. */
export const SHORT_DEADLINE = 1000;
/** Milliseconds that a login may take beyond its deadline. */
export const SLACK = 1000;

/** The session of a reading, in which no part of a token may stand. */
export function sessionOf<Name extends string>(reading: Reading<MailSession<Name>>): MailSession<Name> {
  expect(JSON.stringify(reading)).not.toContain(BEARER.slice(0, 24));
  expect(JSON.stringify(reading)).not.toContain(SASL.slice(0, 24));
  const session = valueOf(reading);
  if (session === undefined) throw new Error(`Blind: ${JSON.stringify(reading)}`);
  return session;
}

/** Each step with its outcome: `dns ok`. */
export function outcomes<Name extends string>(session: MailSession<Name>): string[] {
  return session.steps.map(({ name, outcome }) => `${name} ${outcome}`);
}

/** What each step learnt. */
export function said<Name extends string>(session: MailSession<Name>): Record<string, string | undefined> {
  return Object.fromEntries(session.steps.map((step) => [step.name, step.said]));
}

/** The text itself, or what a text has to match. */
export function matching(text: string | RegExp): unknown {
  return typeof text === 'string' ? text : expect.stringMatching(text);
}
