import type { MailSession } from '../../shared/core/evidence';

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
