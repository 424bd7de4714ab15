import { APPLICATION_CHECKS, CATALOGUE, MAILBOX_CHECKS } from './checks';
import { advance, DEFAULT_POLICY, stateName, type AlertEvent, type AlertPolicy } from './core/alerting';
import type { CheckState } from './core/check-state';
import { addToDays } from './core/days';
import type { Check } from './core/check';
import { diagnoseAll, type Diagnosis } from './core/diagnose';
import type { ApplicationEvidence, DelegateAccount, Evidence, MailboxEvidence } from './core/evidence';
import type { OutboxEntry } from './core/notice';
import {
  ConflictError,
  type ExchangeReading,
  type HistoryEntry,
  type Log,
  type Probes,
  type Remembered,
  type Store,
  type SubjectRecord,
  type TokenResult,
} from './core/ports';
import { blind, seen, valueOf, type Blind, type Reading } from './core/reading';
import { statusOf, worst } from './core/status';
import type { AlertingSettings } from './core/settings';
import { HOUR } from './core/time';
import {
  applicationOf,
  contextOf,
  isGraphApp,
  PROTOCOL_NAMES,
  subjectKey,
  type Context,
  type Subject,
  type Integration,
  type WatchedSubject,
} from './core/subject';

/** What a run needs of the world. */
export interface RunPorts {
  readonly probes: Probes;
  readonly store: Store;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Puts a notice of the event on its way; undefined where nobody wants it. Default: nobody does. */
  readonly notify?: Notify;
  /** Default: the catalogue's. */
  readonly policy?: AlertPolicy;
  /** Whether notices about a subject's cause are held back now. Default: none are. */
  readonly isMuted?: (subject: Subject, cause: string) => boolean;
}

export type Notify = (
  event: AlertEvent,
  state: CheckState,
  context: Context,
  evidence: Evidence,
) => OutboxEntry | undefined;

const OPENS_AFTER = new Map(CATALOGUE.flatMap(({ causes }) => causes.map(({ id, opensAfter }) => [id, opensAfter])));

/** How alerts open, as the catalogue has it where the settings say nothing else. */
export function alertPolicy({ opensAfter, policy }: Pick<AlertingSettings, 'opensAfter' | 'policy'>): AlertPolicy {
  return { ...policy, opensAfter: (cause) => opensAfter[cause] ?? OPENS_AFTER.get(cause) ?? 1 };
}

const POLICY = alertPolicy({ opensAfter: {}, policy: DEFAULT_POLICY });

/** How often a faster writer may make this one read and judge again before it gives up. */
const MAX_CONFLICTS = 5;

export interface CheckOptions {
  /** Makes a repeated delivery do nothing where the first one got through. Milliseconds since 1970. */
  readonly ifNotCheckedSince?: number;
  /** What was last seen of the integration's application; its mailboxes are judged with it. */
  readonly application?: ApplicationEvidence | undefined;
}

/**
 * Checks one subject: gathers its evidence once, judges it with every check, and remembers the result.
 * Throws when the storage fails; whatever else fails is in the result.
 */
export async function checkSubject(
  subject: WatchedSubject,
  integration: Integration,
  ports: RunPorts,
  { ifNotCheckedSince = Infinity, application }: CheckOptions = {},
): Promise<SubjectRecord> {
  const before = await ports.store.load(subject);
  if (before !== undefined && before.record.checkedAt >= ifNotCheckedSince) return before.record;
  const startedAt = ports.now();
  const backOff = backOffOf(before?.record, startedAt);
  const { evidence, diagnose } =
    subject.kind === 'mailbox'
      ? judgedBy(
          MAILBOX_CHECKS,
          await gatherMailbox(subject.mailbox, integration, ports.probes, application, backOff?.mail),
        )
      : judgedBy(APPLICATION_CHECKS, await gatherApplication(integration, ports.probes));
  const checkedAt = ports.now();
  const context = contextOf(subject, integration, checkedAt);
  const backOffUntil = backOff?.until ?? newBackOff(evidence, checkedAt);
  const tookMs = checkedAt - startedAt;
  return remember({ context, evidence, diagnose, checkedAt, tookMs, backOffUntil }, before, ports);
}

/** Evidence with the checks that judge it. */
export function judgedBy<E extends Evidence>(
  checks: readonly Check<E>[],
  evidence: E,
): Pick<Observation, 'evidence' | 'diagnose'> {
  return { evidence, diagnose: (context) => diagnoseAll(checks, evidence, context) };
}

/** Exchange has named minutes; whatever a server says, a mailbox is looked at again within the hour. */
const LONGEST_BACK_OFF = HOUR;

/** What came of opening the mailbox, one reading for every protocol; those that the helpdesk does not use stay blind. */
type MailEvidence = Pick<MailboxEvidence, 'imapSession' | 'popSession' | 'graphMail'>;

/** What was seen last, while the time that Exchange asked to wait in it is not over. */
function backOffOf(before: SubjectRecord | undefined, now: number) {
  if (before?.backOffUntil === undefined || now >= before.backOffUntil || !isOfMailbox(before.evidence))
    return undefined;
  const { imapSession, popSession, graphMail } = before.evidence;
  return { until: before.backOffUntil, mail: { imapSession, popSession, graphMail } };
}

function newBackOff(evidence: Evidence, now: number): number | undefined {
  if (!isOfMailbox(evidence)) return undefined;
  const { imapSession, popSession, graphMail } = evidence;
  const overGraph = valueOf(graphMail);
  const backOffMs =
    valueOf(imapSession)?.failure?.backoffMs ??
    valueOf(popSession)?.failure?.backoffMs ??
    (overGraph?.opened === false ? overGraph.backoffMs : undefined);
  return backOffMs === undefined ? undefined : now + Math.min(backOffMs, LONGEST_BACK_OFF);
}

function isOfMailbox(evidence: Evidence): evidence is MailboxEvidence {
  return 'imapSession' in evidence;
}

const NOT_READ_YET = blind('not-attempted', 'The application of this integration has not been read yet.');
const NO_DIRECTORY = blind('not-used', 'The mailbox belongs to no Microsoft 365 tenant: there is nothing to read.');

async function gatherMailbox(
  address: string,
  integration: Integration,
  probes: Probes,
  application: ApplicationEvidence | undefined,
  toldToWait: MailEvidence | undefined,
): Promise<MailboxEvidence> {
  const mailbox = integration.mailboxes.find((one) => one.address === address) ?? { address };
  const [configuredSecret, token] = await Promise.all([
    safely(() => probes.configuredSecret(integration)),
    probes.accessToken(integration, mailbox).catch((error: unknown): TokenResult => ({ reading: crashed(error) })),
  ]);
  const mail = toldToWait ?? (await openMailbox(address, integration, token, probes));
  const exchange = await readExchange(address, integration, mail, probes);
  const mailboxChanges = await readChanges(address, integration, mail, exchange, probes);
  const unread = applicationOf(integration) === undefined ? NO_DIRECTORY : NOT_READ_YET;
  return {
    configuredSecret,
    accessToken: token.reading,
    ...mail,
    ...exchange,
    appAuthorization: exchange.appAuthorization ?? noAppAuthorization(integration),
    mailboxChanges,
    exchangeServicePrincipal: application?.exchangeServicePrincipal ?? unread,
    enterpriseApplication: application?.enterpriseApplication ?? unread,
    delegateAccount: accountOf(mailbox.delegate, application, unread),
    serviceHealth: application?.serviceHealth ?? unread,
  };
}

async function openMailbox(
  mailbox: string,
  { protocol, mailServer, graphEndpoint }: Integration,
  { bearer }: TokenResult,
  probes: Probes,
): Promise<MailEvidence> {
  const notUsed = blind(
    'not-used',
    `The helpdesk does not read ${mailbox} this way, but with ${PROTOCOL_NAMES[protocol]}.`,
  );
  const none: MailEvidence = { imapSession: notUsed, popSession: notUsed, graphMail: notUsed };
  const open = <T>(probe: (bearer: string) => Promise<Reading<T>>): Promise<Reading<T>> =>
    bearer === undefined
      ? Promise.resolve(blind('not-attempted', `Opening ${mailbox} was not tried, because there is no access token.`))
      : safely(() => probe(bearer));
  switch (protocol) {
    case 'imap':
      return {
        ...none,
        imapSession: await open((token) => probes.imapSession({ ...mailServer, mailbox, bearer: token })),
      };
    case 'pop':
      return {
        ...none,
        popSession: await open((token) => probes.popSession({ ...mailServer, mailbox, bearer: token })),
      };
    case 'graph':
      return { ...none, graphMail: await open((token) => probes.graphMail({ graphEndpoint, mailbox, bearer: token })) };
  }
}

function mailboxOpened({ imapSession, popSession, graphMail }: MailEvidence): boolean {
  const sessions = [valueOf(imapSession), valueOf(popSession)];
  return (
    sessions.some((session) => session !== undefined && session.failure === undefined) ||
    valueOf(graphMail)?.opened === true
  );
}

/** A mailbox that opens proves its settings: Exchange, which wants few requests, is asked about the others only. */
async function readExchange(
  address: string,
  integration: Integration,
  mail: MailEvidence,
  { exchange }: Probes,
): Promise<ExchangeReading> {
  const all = (reading: Blind): ExchangeReading => ({
    casMailbox: reading,
    mailboxPermissions: reading,
    ...(isGraphApp(integration) && { appAuthorization: reading }),
  });
  if (integration.provider !== 'microsoft365') return all(NO_DIRECTORY);
  if (mailboxOpened(mail)) {
    return all(blind('not-attempted', `${address} opened, so Exchange was not asked for its settings.`));
  }
  return exchange.mailbox(integration, address).catch((error: unknown) => all(crashed(error)));
}

function noAppAuthorization(integration: Integration): Blind {
  return isGraphApp(integration)
    ? blind(
        'not-configured',
        'Whether Exchange itself lets the app in (RBAC for Applications) is read through its administration alone: exchangeEvidence: auto or admin-api.',
      )
    : blind('not-used', 'Exchange itself lets apps in over Microsoft Graph in the application flow alone.');
}

/** Of a mailbox that does not open: who may have changed it. */
async function readChanges(
  address: string,
  integration: Integration,
  mail: MailEvidence,
  { casMailbox }: ExchangeReading,
  { mailboxChanges }: Probes,
): Promise<MailboxEvidence['mailboxChanges']> {
  if (!integration.optionalEvidence.includes('mailbox-changes')) {
    return blind('not-used', 'The audit log is not searched: optionalEvidence does not name mailbox-changes.');
  }
  if (mailboxOpened(mail)) return blind('not-attempted', `${address} opened: nobody has to have changed it.`);
  const settings = valueOf(casMailbox);
  const others = settings?.found === true ? (settings.names ?? []) : [];
  const [alias = address] = address.split('@');
  return safely(() => mailboxChanges(integration, [address, alias, ...others]));
}

function accountOf(
  delegate: string | undefined,
  application: ApplicationEvidence | undefined,
  unread: Blind,
): Reading<DelegateAccount> {
  if (delegate === undefined) return blind('not-used', 'In the application flow there is no delegate.');
  const accounts = application?.delegateAccounts ?? unread;
  return accounts.outcome === 'blind' ? accounts : (accounts.value[delegate] ?? unread);
}

async function gatherApplication(integration: Integration, probes: Probes): Promise<ApplicationEvidence> {
  const [configuredSecret, configuredCertificate, exchangeServicePrincipal, directory] = await Promise.all([
    safely(() => probes.configuredSecret(integration)),
    safely(() => probes.configuredCertificate(integration)),
    safely(() => probes.exchange.servicePrincipal(integration)),
    probes.directory(integration).catch((error: unknown) => crashed(error)),
  ]);
  const own = { configuredSecret, configuredCertificate, exchangeServicePrincipal };
  if ('outcome' in directory) {
    return {
      ...own,
      appRegistration: directory,
      enterpriseApplication: directory,
      serviceHealth: directory,
      delegateAccounts: directory,
      helpdeskSignIns: directory,
    };
  }
  const { delegateAccounts, ...readings } = directory;
  return { ...own, ...readings, delegateAccounts: seen(delegateAccounts) };
}

/** No probe throws; should one have a fault all the same, it costs its own reading and nothing else. */
async function safely<T>(probe: () => Promise<Reading<T>>): Promise<Reading<T>> {
  try {
    return await probe();
  } catch (error) {
    return crashed(error);
  }
}

function crashed(error: unknown): Blind {
  // The message is not shown: nobody can say what is in it.
  const name = error instanceof Error ? error.name : typeof error;
  return blind('crashed', `The probe failed with ${name}. This is a fault of Mailbox Watch: please report it.`);
}

/** One look at a subject. Times are milliseconds since 1970. */
export interface Observation {
  readonly context: Context;
  readonly evidence: Evidence;
  readonly diagnose: (context: Context) => ReadonlyMap<string, Diagnosis>;
  readonly checkedAt: number;
  readonly tookMs: number;
  readonly backOffUntil?: number | undefined;
}

/** Judges the look and remembers the verdicts. `loaded` is what was remembered before. Throws when the storage fails. */
export async function remember(
  observation: Observation,
  loaded: Remembered | undefined,
  ports: Pick<RunPorts, 'store' | 'log' | 'notify' | 'policy' | 'isMuted'>,
): Promise<SubjectRecord> {
  const { store, log } = ports;
  const { subject } = observation.context;
  let before = loaded;
  for (let attempt = 1; ; attempt++) {
    // Somebody has looked later than this run and was faster: theirs stands. After a conflict a row of the same moment is this run's
    // own, whose answer was lost on the way.
    const lead = (before?.record.checkedAt ?? -Infinity) - observation.checkedAt;
    if (before !== undefined && (lead > 0 || (lead === 0 && attempt > 1))) return before.record;
    const { record, history, notices } = judge(observation, before?.record, ports);
    try {
      await store.save(record, history, before?.etag, notices);
      for (const entry of history) log('info', 'check changed', { subject: subjectKey(subject), ...entry });
      return record;
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= MAX_CONFLICTS) throw error;
    }
    before = await store.load(subject);
  }
}

function healthySince(before: SubjectRecord | undefined): Record<string, number> {
  const healthy = before?.checks.filter(({ diagnosis }) => diagnosis.verdict === 'healthy') ?? [];
  return Object.fromEntries(healthy.map(({ check, since }) => [check, since]));
}

function judge(
  observation: Observation,
  before: SubjectRecord | undefined,
  { notify = () => undefined, policy = POLICY, isMuted = () => false }: Pick<RunPorts, 'notify' | 'policy' | 'isMuted'>,
) {
  const { evidence, checkedAt, tookMs, backOffUntil } = observation;
  const context = { ...observation.context, healthySince: healthySince(before) };
  const diagnoses = observation.diagnose(context);
  const muted = (cause: string) => isMuted(context.subject, cause);
  const steps = [...diagnoses].map(([check, diagnosis]) => {
    const earlier = before?.checks.find((state) => state.check === check);
    return { earlier, ...advance(earlier, check, diagnosis, checkedAt, policy, muted) };
  });
  const history = steps.flatMap(({ earlier, state, events }): HistoryEntry[] => {
    const changed = earlier === undefined || stateName(earlier.diagnosis) !== stateName(state.diagnosis);
    if (!changed && events.length === 0) return [];
    const { diagnosis, check } = state;
    const cause = diagnosis.verdict === 'diagnosed' ? { cause: diagnosis.cause.id } : {};
    return [{ at: checkedAt, check, verdict: diagnosis.verdict, ...cause, events }];
  });
  const record: SubjectRecord = {
    subject: context.subject,
    checkedAt,
    tookMs,
    checks: steps.map(({ state }) => state),
    evidence,
    days: addToDays(before?.days, worst([...diagnoses.values()].map(statusOf)), checkedAt),
    ...(backOffUntil !== undefined && { backOffUntil }),
  };
  const notices = steps.flatMap(({ state, events }) =>
    events.flatMap((event) => notify(event, state, context, evidence) ?? []),
  );
  return { record, history, notices };
}
