import type { Cause, Match } from '../../core/check';
import { hasEnded, noticeStep, timeLeft } from '../../core/credential-expiry';
import type { MonitorEvidence, RefreshTokenAge } from '../../core/monitor-evidence';
import { blind, seen, valueOf } from '../../core/reading';
import type { Context } from '../../core/subject';
import { DAY } from '../../core/time';
import { EXAMPLE_NOW } from '../example-evidence';
import { SEE_MONITOR_HEALTHY } from './grant-steps';
import type { MonitorCheck } from './monitor-check';

/** Entra ID ends a refresh token that nobody redeems for so long; it cannot be configured. */
const LIFE = 90 * DAY;
/** Days before that end: 60 days unused, 80 days unused, and the last days. */
const LADDER = [30, 20, 10, 5, 3, 1, 0];
const CRITICAL_FROM_STEP = 10;

const LIFETIME_PAGE = 'https://learn.microsoft.com/entra/identity-platform/refresh-tokens';

const why =
  'Entra ID ends a refresh token 90 days after it was issued if nobody redeems it, and gives a new one each time somebody does. Mailbox Watch redeems it at its runs and keeps the new one where the old one was. A token that stays old is not redeemed, or the new one is not kept. When it ends, the live login of its mailboxes ends with it.';

function oldest({ refreshTokens }: MonitorEvidence): (RefreshTokenAge & { readonly at: number }) | undefined {
  const dated = (valueOf(refreshTokens) ?? []).flatMap((token) => {
    const at = valueOf(token.writtenAt);
    return at === undefined ? [] : [{ ...token, at }];
  });
  return dated.toSorted((a, b) => a.at - b.at)[0];
}

function stepOf(at: number, { now }: Context): number | undefined {
  return noticeStep((at + LIFE - now) / DAY, LADDER);
}

const WITHOUT_DATE: RefreshTokenAge = {
  reference: 'env:JIRA_REFRESH_TOKEN',
  delegate: 'svc-jira@contoso.com',
  mailbox: 'support@contoso.com',
  mailboxes: 3,
  writtenAt: blind('not-configured', 'An environment variable has no date.'),
};

function tokenOf(days: number): RefreshTokenAge {
  return { ...WITHOUT_DATE, reference: 'file:secrets/jira', writtenAt: seen(EXAMPLE_NOW - days * DAY) };
}

const unused: Cause<MonitorEvidence> = {
  id: 'refresh-token-unused',
  title: 'A refresh token has not been renewed for weeks',
  severity: 'warning',
  why,
  opensAfter: 1,
  match: (evidence, context): Match | undefined => {
    const token = oldest(evidence);
    const step = token && stepOf(token.at, context);
    if (token === undefined || step === undefined) return undefined;
    const { reference, delegate, mailbox, mailboxes, at } = token;
    return {
      confidence: 'confirmed',
      severity: step <= CRITICAL_FROM_STEP ? 'critical' : 'warning',
      noticeStep: step,
      credential: reference,
      facts: {
        reference,
        delegate,
        mailbox,
        mailboxes: mailboxes === 1 ? mailbox : `${mailbox} and ${mailboxes - 1} more`,
        age: String(Math.floor((context.now - at) / DAY)),
        end: hasEnded(at + LIFE, context.now)
          ? 'Entra ID may have ended it already'
          : `It ends in ${timeLeft(at + LIFE, context.now)}`,
      },
    };
  },
  remedy: [
    {
      part: 'check',
      say: 'The refresh token of {delegate} at {reference}, for {mailboxes}, is {age} days old. {end}.',
    },
    { part: 'check', say: 'Open the status of {mailbox}. If Entra ID refuses the token, do what is said there.' },
    {
      say: 'If the mailbox is healthy, the new tokens are not kept: let Mailbox Watch write to {reference}. For a vault that is the role Key Vault Secrets Officer, for a file the right to write to its folder.',
    },
    { say: 'If nothing else helps, authorise again as {delegate}, and put the new refresh token to {reference}.' },
    SEE_MONITOR_HEALTHY,
  ],
  sources: [LIFETIME_PAGE],
  examples: [
    { says: 'Sixty-five days old.', evidence: { refreshTokens: seen([tokenOf(65)]) } },
    { says: 'The oldest of two decides.', evidence: { refreshTokens: seen([tokenOf(1), tokenOf(85)]) } },
  ],
};

const withoutDate: Cause<MonitorEvidence> = {
  id: 'refresh-token-without-date',
  title: 'A refresh token is kept where it can neither be renewed nor dated',
  severity: 'info',
  why: `${why} What stands in an environment variable stays what it was when somebody entered it: the new tokens are lost at every restart, and nobody can tell when the old one ends.`,
  opensAfter: 1,
  match: ({ refreshTokens }) => {
    const token = valueOf(refreshTokens)?.find(({ reference }) => reference.startsWith('env:'));
    return (
      token && {
        confidence: 'possible',
        credential: token.reference,
        facts: { reference: token.reference, delegate: token.delegate, mailbox: token.mailbox },
      }
    );
  },
  remedy: [
    { part: 'check', say: 'The refresh token of {delegate} is read from {reference}, which tells no date.' },
    {
      say: 'Keep the refresh token of {delegate} in Key Vault or in a file: refreshToken: kv:VAULT/NAME or file:PATH instead of {reference}.',
    },
    { say: 'Or enter a new one within 90 days, each time.' },
    SEE_MONITOR_HEALTHY,
  ],
  sources: [LIFETIME_PAGE],
  examples: [{ says: 'It is in an app setting.', evidence: { refreshTokens: seen([WITHOUT_DATE]) } }],
};

export const refreshTokens: MonitorCheck = {
  id: 'monitor-refresh-tokens',
  title: 'Every refresh token is renewed in time',
  needs: ['refreshTokens'],
  // Google's refresh tokens have no such end, and are not renewed.
  only: { provider: ['microsoft365', 'outlook.com'] },
  usedIn: ({ integrations }) =>
    integrations.some(({ mailboxes }) => mailboxes.some((mailbox) => mailbox.refreshTokenReference !== undefined)),
  after: [],
  healthy: ({ refreshTokens: reading }, context) => {
    const tokens = valueOf(reading) ?? [];
    return (
      tokens.length > 0 &&
      tokens.every(({ writtenAt }) => {
        const at = valueOf(writtenAt);
        return at !== undefined && stepOf(at, context) === undefined;
      })
    );
  },
  causes: [unused, withoutDate],
};
