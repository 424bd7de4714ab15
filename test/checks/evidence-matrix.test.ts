import { MAILBOX_CHECKS } from '../../shared/checks';
import {
  APPLICATION_TOKEN,
  DELEGATED_TOKEN,
  ENTERPRISE_APPLICATION,
  EXAMPLE_NOW,
  EXCHANGE_SERVICE_PRINCIPAL,
  GRAPH_APP_TOKEN,
  GRAPH_USER_TOKEN,
  graphRefused,
  IMAP_OPENED,
  LOGIN_REFUSED,
  NOT_CONNECTED,
  POP_OPENED,
  POP_REFUSED,
  POP_TOKEN,
  tokenIssued,
} from '../../shared/checks/example-evidence';
import { diagnoseAll, type Diagnosis } from '../../shared/core/diagnose';
import type { CasMailbox, MailboxEvidence, MailboxPermissions, ServiceHealth } from '../../shared/core/evidence';
import { blind, seen, type Reading } from '../../shared/core/reading';
import { FLOWS, PROTOCOLS, type Flow, type Protocol } from '../../shared/core/subject';
import { HOUR } from '../../shared/core/time';
import { exampleContext } from '../support/contexts';
import { NO_MAILBOX_EVIDENCE } from '../support/no-evidence';

const unseen = blind('not-configured', 'not read');
const notUsed = blind('not-used', 'another protocol');
const NOT_USED = { imapSession: notUsed, popSession: notUsed, graphMail: notUsed };

type Sessions = Partial<Pick<MailboxEvidence, 'imapSession' | 'popSession' | 'graphMail'>>;

/** What came of opening the mailbox, by protocol: `bad` and `no` are its refusals. */
const LOGIN: Readonly<Record<Protocol, Readonly<Record<(typeof LOGINS)[number], Sessions>>>> = {
  imap: {
    opens: { imapSession: IMAP_OPENED },
    bad: { imapSession: NOT_CONNECTED },
    no: { imapSession: LOGIN_REFUSED },
    unseen: { imapSession: unseen },
  },
  pop: {
    opens: { popSession: POP_OPENED },
    // POP has one refusal for everything.
    bad: { popSession: POP_REFUSED },
    no: { popSession: POP_REFUSED },
    unseen: { popSession: unseen },
  },
  graph: {
    opens: { graphMail: seen({ opened: true, ms: 60 }) },
    bad: { graphMail: graphRefused(404, 'ErrorItemNotFound', 'Default folder Inbox not found.') },
    no: { graphMail: graphRefused(403, 'ErrorAccessDenied', 'Access is denied.') },
    unseen: { graphMail: unseen },
  },
};
const LOGINS = ['opens', 'bad', 'no', 'unseen'] as const;
const CLAIMS = ['fit', 'otherResource', 'noPermission'] as const;
const IMAP = ['on', 'off', 'unseen'] as const;
const ACCESS = ['granted', 'absent', 'denied', 'hidden', 'unseen'] as const;
const PRINCIPAL = ['right', 'wrong', 'missing', 'unseen'] as const;
const HEALTH = ['well', 'incident', 'unseen'] as const;
const AGE = ['fresh', 'old'] as const;

interface Combination {
  readonly protocol: Protocol;
  readonly flow: Flow;
  readonly login: (typeof LOGINS)[number];
  readonly claims: (typeof CLAIMS)[number];
  /** The switch of the connection's protocol. */
  readonly imap: (typeof IMAP)[number];
  readonly access: (typeof ACCESS)[number];
  readonly principal: (typeof PRINCIPAL)[number];
  readonly health: (typeof HEALTH)[number];
  /** Of the Exchange reading, and of the grant: a reading of hours ago, settings that have been right for a day. */
  readonly age: (typeof AGE)[number];
}

const GRAPH = 'https://graph.microsoft.com';
const EXCHANGE = 'https://outlook.office365.com';
const FITTING: Readonly<Record<Protocol, Readonly<Record<Flow, MailboxEvidence['accessToken']>>>> = {
  imap: { delegated: DELEGATED_TOKEN, application: APPLICATION_TOKEN },
  pop: { delegated: POP_TOKEN, application: tokenIssued({ aud: EXCHANGE, roles: ['POP.AccessAsApp'] }) },
  graph: { delegated: GRAPH_USER_TOKEN, application: GRAPH_APP_TOKEN },
};

function token({ protocol, flow, claims }: Combination) {
  if (claims === 'otherResource')
    return tokenIssued({ aud: protocol === 'graph' ? EXCHANGE : GRAPH, scp: ['IMAP.AccessAsUser.All'] });
  if (claims === 'noPermission') return tokenIssued({ aud: protocol === 'graph' ? GRAPH : EXCHANGE });
  return FITTING[protocol][flow];
}

function casMailbox({ protocol, imap, age }: Combination): Reading<CasMailbox> {
  if (imap === 'unseen') return unseen;
  const isOn = imap === 'on';
  // The switch of the other protocol says the contrary, and decides nothing.
  const flags =
    protocol === 'imap' ? { imapEnabled: isOn, popEnabled: !isOn } : { imapEnabled: !isOn, popEnabled: isOn };
  return seen({ found: true, ...flags, readAt: readAt(age), source: 'admin-api' });
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
    ...NOT_USED,
    ...LOGIN[combination.protocol][combination.login],
    casMailbox: casMailbox(combination),
    mailboxPermissions: permissions(combination),
    exchangeServicePrincipal: principal(combination),
    enterpriseApplication: combination.principal === 'unseen' ? unseen : ENTERPRISE_APPLICATION,
    serviceHealth: health(combination),
  };
  const since = combination.age === 'old' ? EXAMPLE_NOW - 24 * HOUR : EXAMPLE_NOW;
  const healthySince = Object.fromEntries(MAILBOX_CHECKS.map(({ id }) => [id, since]));
  return diagnoseAll(MAILBOX_CHECKS, evidence, {
    ...exampleContext('mailbox', { flow: combination.flow, protocol: combination.protocol }),
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
  protocol: 'imap',
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
  // POP: the same causes, and its own switch.
  [{ protocol: 'pop' }, 'mailbox-refused inferred'],
  [{ protocol: 'pop', login: 'opens', imap: 'off' }, '-'],
  [{ protocol: 'pop', imap: 'off' }, 'pop-disabled confirmed'],
  [{ protocol: 'pop', imap: 'off', age: 'old' }, 'pop-disabled inferred'],
  [{ protocol: 'pop', access: 'absent' }, 'full-access-missing confirmed'],
  [{ protocol: 'pop', imap: 'on' }, 'full-access-missing inferred'],
  [{ protocol: 'pop', access: 'granted' }, 'pop-disabled inferred'],
  [{ protocol: 'pop', imap: 'on', access: 'granted' }, 'change-still-spreading inferred'],
  [{ protocol: 'pop', imap: 'on', access: 'granted', age: 'old' }, 'refused-despite-right-settings possible'],
  [{ protocol: 'pop', claims: 'otherResource' }, 'token-for-other-resource confirmed'],
  [{ protocol: 'pop', claims: 'noPermission' }, 'pop-permission-not-in-token confirmed'],
  [{ protocol: 'pop', flow: 'application', principal: 'missing' }, 'service-principal-not-registered confirmed'],
  [{ protocol: 'pop', flow: 'application', principal: 'wrong' }, 'service-principal-wrong-object-id confirmed'],
  // Graph has no switch, and an app role opens mailboxes without Full Access.
  [{ protocol: 'graph' }, 'full-access-missing inferred'],
  [{ protocol: 'graph', login: 'opens', imap: 'off', access: 'absent' }, '-'],
  [{ protocol: 'graph', access: 'absent' }, 'full-access-missing confirmed'],
  [{ protocol: 'graph', access: 'denied' }, 'full-access-denied confirmed'],
  [{ protocol: 'graph', access: 'granted' }, 'graph-refused-despite-full-access possible'],
  [{ protocol: 'graph', claims: 'otherResource' }, 'token-for-other-resource confirmed'],
  [{ protocol: 'graph', claims: 'noPermission' }, 'graph-mail-permission-not-in-token confirmed'],
  [{ protocol: 'graph', flow: 'application' }, 'graph-inbox-not-found inferred'],
  [{ protocol: 'graph', flow: 'application', login: 'no' }, 'mailbox-outside-app-scope inferred'],
  [{ protocol: 'graph', flow: 'application', login: 'no', access: 'absent' }, 'mailbox-outside-app-scope inferred'],
  // Exchange may let an app in that no token says anything of: only a refusal tells.
  [{ protocol: 'graph', flow: 'application', claims: 'noPermission', login: 'opens' }, '-'],
  [{ protocol: 'graph', flow: 'application', claims: 'noPermission', login: 'unseen' }, '-'],
  [{ protocol: 'graph', flow: 'application', claims: 'noPermission' }, 'graph-inbox-not-found inferred'],
  [
    { protocol: 'graph', flow: 'application', claims: 'noPermission', login: 'no' },
    'graph-mail-permission-not-in-token inferred',
  ],
];

describe('the evidence matrix', () => {
  it.each(ROWS)('%j', (change, expected) => {
    expect(verdict({ ...USUAL, ...change })).toBe(expected);
  });

  const all: Combination[] = PROTOCOLS.flatMap((protocol) =>
    FLOWS.flatMap((flow) =>
      LOGINS.flatMap((login) =>
        CLAIMS.flatMap((claims) =>
          IMAP.flatMap((imap) =>
            ACCESS.flatMap((access) =>
              PRINCIPAL.flatMap((principalState) =>
                HEALTH.flatMap((healthState) =>
                  AGE.map((age) => ({
                    protocol,
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
    ),
  );

  it(`has an answer for all ${all.length} combinations, and none is green without proof`, () => {
    for (const combination of all) {
      const diagnoses = [...judge(combination)];
      const opens = diagnoses.find(([check]) => /^(?:graph-)?mailbox-opens$/.test(check))?.[1];
      const shown = JSON.stringify(combination);
      expect([shown, opens?.verdict === 'healthy']).toEqual([shown, combination.login === 'opens']);
      // What was refused has a cause; only where no login was tried may everything stay unclear.
      const named = diagnoses.some(([, { verdict: one }]) => one === 'diagnosed');
      if (combination.login === 'bad' || combination.login === 'no') expect([shown, named]).toEqual([shown, true]);
      if (combination.login === 'opens') expect([shown, named]).toEqual([shown, false]);
    }
  });
});
