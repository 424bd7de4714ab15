import { MAILBOX_CHECKS } from '../../shared/checks';
import {
  APPLICATION_TOKEN,
  DELEGATED_TOKEN,
  ENTERPRISE_APPLICATION,
  EXAMPLE_NOW,
  EXCHANGE_SERVICE_PRINCIPAL,
  IMAP_OPENED,
  LOGIN_REFUSED,
  NOT_CONNECTED,
  tokenIssued,
} from '../../shared/checks/example-evidence';
import { diagnoseAll, type Diagnosis } from '../../shared/core/diagnose';
import type {
  CasMailbox,
  ImapSession,
  MailboxEvidence,
  MailboxPermissions,
  ServiceHealth,
} from '../../shared/core/evidence';
import { blind, seen, type Reading } from '../../shared/core/reading';
import type { Flow } from '../../shared/core/subject';
import { HOUR } from '../../shared/core/time';
import { exampleContext } from '../support/contexts';
import { NO_MAILBOX_EVIDENCE } from '../support/no-evidence';

const unseen = blind('not-configured', 'not read');

const LOGIN: Record<string, Reading<ImapSession>> = {
  opens: IMAP_OPENED,
  bad: NOT_CONNECTED,
  no: LOGIN_REFUSED,
  unseen,
};
const CLAIMS = ['fit', 'otherResource', 'noPermission'] as const;
const IMAP = ['on', 'off', 'unseen'] as const;
const ACCESS = ['granted', 'absent', 'denied', 'hidden', 'unseen'] as const;
const PRINCIPAL = ['right', 'wrong', 'missing', 'unseen'] as const;
const HEALTH = ['well', 'incident', 'unseen'] as const;
const AGE = ['fresh', 'old'] as const;

interface Combination {
  readonly flow: Flow;
  readonly login: keyof typeof LOGIN;
  readonly claims: (typeof CLAIMS)[number];
  readonly imap: (typeof IMAP)[number];
  readonly access: (typeof ACCESS)[number];
  readonly principal: (typeof PRINCIPAL)[number];
  readonly health: (typeof HEALTH)[number];
  /** Of the Exchange reading, and of the grant: a reading of hours ago, settings that have been right for a day. */
  readonly age: (typeof AGE)[number];
}

function token({ flow, claims }: Combination) {
  if (claims === 'otherResource')
    return tokenIssued({ aud: 'https://graph.microsoft.com', scp: ['IMAP.AccessAsUser.All'] });
  if (claims === 'noPermission') return tokenIssued({ aud: 'https://outlook.office365.com' });
  return flow === 'delegated' ? DELEGATED_TOKEN : APPLICATION_TOKEN;
}

function casMailbox({ imap, age }: Combination): Reading<CasMailbox> {
  if (imap === 'unseen') return unseen;
  return seen({ found: true, imapEnabled: imap === 'on', popEnabled: false, readAt: readAt(age), source: 'admin-api' });
}

function permissions({ access, age, flow }: Combination): Reading<MailboxPermissions> {
  if (access === 'unseen') return unseen;
  const self = { name: flow === 'delegated' ? 'svc-jira@contoso.com' : 'contoso helpdesk mail' };
  const others = [{ name: 'rob@contoso.com' }, ...(access === 'hidden' ? [{ name: 'a group' }] : [])];
  return seen({
    allowed: access === 'granted' || access === 'denied' ? [...others, self] : others,
    denied: access === 'denied' ? [self] : [],
    readAt: readAt(age),
    source: 'admin-api',
  });
}

function health({ health: state }: Combination): Reading<ServiceHealth> {
  if (state === 'unseen') return unseen;
  return seen({ healthy: state === 'well', status: state, issues: [], readAt: EXAMPLE_NOW });
}

function principal({ principal: state, age, flow }: Combination): MailboxEvidence['exchangeServicePrincipal'] {
  if (state === 'unseen' || flow === 'delegated') return unseen;
  const at = { readAt: readAt(age), source: 'admin-api' } as const;
  if (state === 'missing') return seen({ registered: false, ...at });
  const right = EXCHANGE_SERVICE_PRINCIPAL.value;
  return seen({ ...right, ...at, ...(state === 'wrong' && { objectId: '00000000-0000-4000-8000-000000000000' }) });
}

function readAt(age: Combination['age']): number {
  return age === 'fresh' ? EXAMPLE_NOW : EXAMPLE_NOW - 5 * HOUR;
}

function judge(combination: Combination): ReadonlyMap<string, Diagnosis> {
  const evidence: MailboxEvidence = {
    ...NO_MAILBOX_EVIDENCE,
    accessToken: token(combination),
    imapSession: LOGIN[combination.login] ?? unseen,
    casMailbox: casMailbox(combination),
    mailboxPermissions: permissions(combination),
    exchangeServicePrincipal: principal(combination),
    enterpriseApplication: combination.principal === 'unseen' ? unseen : ENTERPRISE_APPLICATION,
    serviceHealth: health(combination),
  };
  const since = combination.age === 'old' ? EXAMPLE_NOW - 24 * HOUR : EXAMPLE_NOW;
  const healthySince = Object.fromEntries(MAILBOX_CHECKS.map(({ id }) => [id, since]));
  return diagnoseAll(MAILBOX_CHECKS, evidence, {
    ...exampleContext('mailbox', { flow: combination.flow }),
    healthySince,
  });
}

/** The causes that stand by themselves, with how sure they are; `-` where there is none. */
function verdict(combination: Combination): string {
  const causes = [...judge(combination).values()].flatMap((one) =>
    one.verdict === 'diagnosed' ? [`${one.cause.id} ${one.cause.confidence}`] : [],
  );
  return causes.join(' + ') || '-';
}

const USUAL: Combination = {
  flow: 'delegated',
  login: 'bad',
  claims: 'fit',
  imap: 'unseen',
  access: 'unseen',
  principal: 'unseen',
  health: 'unseen',
  age: 'fresh',
};

const ROWS: readonly (readonly [change: Partial<Combination>, verdict: string])[] = [
  // The wire alone cannot tell.
  [{}, 'mailbox-refused inferred'],
  [{ login: 'opens' }, '-'],
  [{ login: 'no' }, 'login-refused possible'],
  [{ login: 'unseen' }, '-'],
  // Exchange decides.
  [{ imap: 'off' }, 'imap-disabled confirmed'],
  [{ imap: 'off', age: 'old' }, 'imap-disabled inferred'],
  [{ access: 'absent' }, 'full-access-missing confirmed'],
  [{ access: 'absent', age: 'old' }, 'full-access-missing inferred'],
  [{ access: 'denied' }, 'full-access-denied confirmed'],
  [{ imap: 'off', access: 'absent' }, 'imap-disabled confirmed + full-access-missing confirmed'],
  [{ imap: 'on', access: 'absent' }, 'full-access-missing confirmed'],
  [{ imap: 'off', access: 'granted' }, 'imap-disabled confirmed'],
  // One half seen and in order leaves the other half, inferred.
  [{ imap: 'on' }, 'full-access-missing inferred'],
  [{ access: 'granted' }, 'imap-disabled inferred'],
  // A group that could not be expanded proves nothing by itself.
  [{ imap: 'on', access: 'hidden' }, 'full-access-missing inferred'],
  [{ access: 'hidden' }, 'mailbox-refused inferred'],
  [{ login: 'unseen', imap: 'on', access: 'hidden' }, '-'],
  // All in order, refused all the same.
  [{ imap: 'on', access: 'granted' }, 'change-still-spreading inferred'],
  [{ imap: 'on', access: 'granted', age: 'old' }, 'refused-despite-right-settings possible'],
  [{ imap: 'on', access: 'granted', health: 'incident' }, 'microsoft-incident inferred'],
  [{ imap: 'on', access: 'granted', health: 'well' }, 'change-still-spreading inferred'],
  // An incident excuses no fault of the settings.
  [{ imap: 'off', health: 'incident' }, 'imap-disabled confirmed'],
  [{ health: 'incident' }, 'mailbox-refused inferred'],
  // The token explains the refusal before anything else does.
  [{ claims: 'otherResource', login: 'no' }, 'token-for-other-resource confirmed'],
  [{ claims: 'noPermission', login: 'no' }, 'imap-permission-not-in-token confirmed'],
  [{ claims: 'otherResource', login: 'unseen' }, 'token-for-other-resource confirmed'],
  // A login that works is proof, whatever was read elsewhere.
  [{ login: 'opens', imap: 'off', access: 'absent', health: 'incident', age: 'old' }, '-'],
  [{ login: 'opens', claims: 'otherResource' }, '-'],
  // Without a login the settings still speak.
  [{ login: 'unseen', imap: 'off' }, 'imap-disabled confirmed'],
  // The application flow.
  [{ flow: 'application' }, 'mailbox-refused inferred'],
  [{ flow: 'application', login: 'no' }, 'service-principal-refused inferred'],
  [{ flow: 'application', login: 'no', principal: 'wrong' }, 'service-principal-wrong-object-id confirmed'],
  [{ flow: 'application', login: 'no', principal: 'wrong', age: 'old' }, 'service-principal-wrong-object-id inferred'],
  [{ flow: 'application', login: 'no', principal: 'missing' }, 'service-principal-not-registered confirmed'],
  [{ flow: 'application', login: 'no', principal: 'right' }, 'service-principal-refused inferred'],
  [{ flow: 'application', principal: 'right', access: 'absent', imap: 'on' }, 'full-access-missing confirmed'],
  [{ flow: 'application', principal: 'right', access: 'granted', imap: 'off' }, 'imap-disabled confirmed'],
  [{ flow: 'application', principal: 'unseen', access: 'absent', imap: 'on' }, 'full-access-missing inferred'],
  [{ flow: 'application', principal: 'unseen', access: 'absent' }, 'mailbox-refused inferred'],
  [{ flow: 'application', principal: 'right', access: 'granted', imap: 'on' }, 'change-still-spreading inferred'],
];

describe('the evidence matrix', () => {
  it.each(ROWS)('%j', (change, expected) => {
    expect(verdict({ ...USUAL, ...change })).toBe(expected);
  });

  const all: Combination[] = (['delegated', 'application'] as const).flatMap((flow) =>
    Object.keys(LOGIN).flatMap((login) =>
      CLAIMS.flatMap((claims) =>
        IMAP.flatMap((imap) =>
          ACCESS.flatMap((access) =>
            PRINCIPAL.flatMap((principalState) =>
              HEALTH.flatMap((healthState) =>
                AGE.map((age) => ({
                  flow,
                  login,
                  claims,
                  imap,
                  access,
                  principal: principalState,
                  health: healthState,
                  age,
                })),
              ),
            ),
          ),
        ),
      ),
    ),
  );

  it(`has an answer for all ${all.length} combinations, and none is green without proof`, () => {
    for (const combination of all) {
      const diagnoses = [...judge(combination)];
      const opens = diagnoses.find(([check]) => check === 'mailbox-opens')?.[1];
      const shown = JSON.stringify(combination);
      expect([shown, opens?.verdict === 'healthy']).toEqual([shown, combination.login === 'opens']);
      // What was refused has a cause; only where no login was tried may everything stay unclear.
      const named = diagnoses.some(([, { verdict: one }]) => one === 'diagnosed');
      if (combination.login === 'bad' || combination.login === 'no') expect([shown, named]).toEqual([shown, true]);
      if (combination.login === 'opens') expect([shown, named]).toEqual([shown, false]);
    }
  });
});
