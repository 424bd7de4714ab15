import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { TokenCredential } from '@azure/identity';
import { readAccess, type Access } from './access';
import { alertsReport, type AlertsReport } from './alerts/alerts-report';
import { deliver, healthNote } from './alerts/deliver';
import { noticeOf, testNotice } from './alerts/notice-of';
import { entryOf } from './alerts/outbox';
import { createChannel } from './channels';
import { sendHeartbeat } from './channels/heartbeat';
import { checkMonitorIn } from './check-monitor';
import { CATALOGUE } from './checks';
import { wants } from './core/channel-settings';
import { planBatches, slices, type MailboxBatch } from './core/batches';
import type { ChannelHealth, SendResult } from './core/notice';
import { SignInError, type HistoryEntry, type Log, type Probes, type Store, type SubjectRecord } from './core/ports';
import { blind } from './core/reading';
import { buildReport, statusOf, type StatusReport } from './core/report';
import { applicationOf, type ExchangeEvidence, type Integration, type Subject } from './core/subject';
import { MONITOR_ID, watchedTenants } from './core/watched-tenant';
import type { ApplicationEvidence } from './core/evidence';
import { createAccessTokenProbe } from './probes/access-token';
import { createConfiguredCertificateProbe } from './probes/configured-certificate';
import { createConfiguredSecretProbe } from './probes/configured-secret';
import { createAppRegistrationProbe, createDirectoryProbe } from './probes/directory';
import { createGroupExpander } from './probes/directory/group-members';
import { createExchangeAdminApi } from './probes/exchange-settings/admin-api';
import { chooseExchange } from './probes/exchange-settings/choose';
import { rememberGroups } from './probes/exchange-settings/group-memory';
import { createExchangeSnapshot, type SnapshotMemory } from './probes/exchange-settings/snapshot';
import type { SnapshotState } from './probes/exchange-settings/snapshot-state';
import { createGraphMailProbe } from './probes/graph-mail';
import { createImapProbe } from './probes/imap-session';
import { createMonitorProbe } from './probes/monitor/gather';
import { notePlanned, readPlanned } from './probes/monitor/remembered';
import { createMonitorCredential } from './probes/monitor-credential';
import { createPopProbe } from './probes/pop-session';
import { checkSubject, type Notify, type RunPorts } from './run-checks';
import { loadConfiguration, type ConfigurationProblem } from './settings/load';
import { createKeyVaultSecrets, vaultUrlIn } from './settings/key-vault';
import { scheduleProblem, staleBefore } from './settings/schedule';
import { createAllSecrets } from './settings/secret-references';
import { createSecrets } from './settings/secrets';
import { createTableStore, tableClientFor } from './store/table-store';

/** Names of the app settings that the timers take their schedules from (NCRONTAB, UTC). */
const MAILBOXES_SCHEDULE = 'CHECK_MAILBOXES_SCHEDULE';
const APPLICATIONS_SCHEDULE = 'CHECK_APPLICATIONS_SCHEDULE';
const MONITOR_SCHEDULE = 'CHECK_MONITOR_SCHEDULE';
/** Hourly: what it looks at changes slowly. */
const DEFAULT_MONITOR_SCHEDULE = '0 17 * * * *';
const CONFIGURATION_PATH = 'MAILBOX_WATCH_CONFIG';

/** Applications, and tenants, that are looked at side by side; each is a few requests. */
const APPLICATIONS_AT_ONCE = 4;

/** What the functions do, composed of real parts. */
export interface Monitor {
  /** The batches of one run over the whole fleet; notes that they were planned. Throws when the storage fails. */
  readonly planMailboxes: () => Promise<MailboxBatch[]>;
  /** Checks the mailboxes of a batch side by side. Throws when a result could not be remembered; repeating it is harmless. */
  readonly checkBatch: (batch: MailboxBatch, log: Log) => Promise<void>;
  /** Checks every app registration. Throws when a result could not be remembered. */
  readonly checkApplications: (log: Log) => Promise<void>;
  /** Checks Mailbox Watch itself in every tenant. Throws when a result could not be remembered. */
  readonly checkMonitor: (log: Log) => Promise<void>;
  /** Whether the last run over the fleet was started within two intervals. Throws when the storage cannot be read. */
  readonly lastRunIsFresh: () => Promise<boolean>;
  /** Sends the notices that are due. Throws when the storage fails. */
  readonly sendNotices: (log: Log) => Promise<void>;
  /** Sends a test notice to a channel; undefined where there is none of this id. Never rejects. */
  readonly testChannel: (id: string) => Promise<SendResult | undefined>;
  /** What is open, what is on its way, and how the channels are. Throws when the storage cannot be read. */
  readonly alerts: () => Promise<AlertsReport>;
  /** Of the integration with this id, or of all. Throws when the storage cannot be read. */
  readonly status: (integrationId?: string) => Promise<StatusReport>;
  /** Newest first. Throws when the storage cannot be read. */
  readonly history: (subject: Subject, limit: number) => Promise<HistoryEntry[]>;
}

/** Everything that is wrong with the configuration, at once. Holds no secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    readonly file: string,
    readonly problems: readonly ConfigurationProblem[],
  ) {
    super(
      [
        `The configuration ${file} is not valid:`,
        ...problems.map((p) => `  ${p.path} (line ${p.line}, column ${p.column}): ${p.message}`),
      ].join('\n'),
    );
  }
}

/** Who may see what, by the app settings. Throws an Error that says what to correct. */
export function access(): Access {
  return readAccess(process.env);
}

interface Composed {
  readonly path: string;
  /** When the configuration file was last written, milliseconds since 1970; 0 where there is none. */
  readonly writtenAt: number;
  readonly monitor: Promise<Monitor>;
}

let composed: Composed | undefined;

/**
 * The monitor of this process, composed on first use, so that no fault of the settings can keep the functions from loading, and again
 * whenever the configuration file has changed. Rejects with ConfigurationError; the next call tries again.
 */
export async function monitor(): Promise<Monitor> {
  const environment = process.env;
  const path = resolve(environment[CONFIGURATION_PATH] ?? 'mailbox-watch.yaml');
  const writtenAt = await lastWritten(path);
  if (composed?.path !== path || composed.writtenAt !== writtenAt) {
    composed = { path, writtenAt, monitor: compose(path, environment) };
  }
  try {
    return await composed.monitor;
  } catch (error) {
    composed = undefined;
    throw error;
  }
}

async function lastWritten(path: string): Promise<number> {
  // Whatever keeps the file from being found is told when it is read.
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function compose(path: string, environment: NodeJS.ProcessEnv): Promise<Monitor> {
  const schedules = schedulesOf(environment);
  const loaded = await loadConfiguration(path);
  if (!loaded.ok) throw new ConfigurationError(path, loaded.problems);
  const { integrations, monitorSignIn, exchangeEvidence } = loaded.settings;
  const tenants = watchedTenants(loaded.settings);
  const now = Date.now;
  const localSecrets = createSecrets({ environment, folder: dirname(path) });
  const store = createTableStore(tableClientFor(environment));
  // One credential a tenant, so that all that read there share its token.
  const credentials = new Map<string, TokenCredential | undefined>();
  const credentialFor = (integration: Integration) => {
    // Mailbox Watch is an app of Entra ID: its credential is for no other token endpoint.
    if (integration.provider !== 'microsoft365') return undefined;
    const key = `${integration.loginAuthority}/${integration.tenant}`;
    if (!credentials.has(key)) credentials.set(key, createMonitorCredential(monitorSignIn, integration, localSecrets));
    return credentials.get(key);
  };
  // The vault is opened with what is on this machine, so that no secret is needed to read a secret. It is in the first tenant's cloud, and
  // tells itself which tenant it belongs to.
  const [first] = integrations;
  const vaultCredential = first === undefined ? undefined : credentialFor(first);
  const secrets = createAllSecrets(
    localSecrets,
    createKeyVaultSecrets({ credential: vaultCredential, vaultUrl: vaultUrlIn(first?.cloud ?? 'worldwide'), now }),
  );
  const expandGroup = rememberGroups(createGroupExpander({ credentialFor }), now);
  const snapshot = createExchangeSnapshot({ credentialFor, expandGroup, now, memory: snapshotMemory(store) });
  const adminApi = createExchangeAdminApi({ credentialFor, expandGroup, now });
  const probes: Probes = {
    configuredSecret: createConfiguredSecretProbe(secrets),
    configuredCertificate: createConfiguredCertificateProbe(secrets),
    accessToken: createAccessTokenProbe({ secrets, now }),
    imapSession: createImapProbe(),
    popSession: createPopProbe(),
    graphMail: createGraphMailProbe(),
    appRegistration: createAppRegistrationProbe({ credentialFor }),
    directory: createDirectoryProbe({ credentialFor, now }),
    exchange: chooseExchange(exchangeEvidence, adminApi, snapshot),
  };
  const lookAtMonitor = createMonitorProbe({
    credentialFor,
    probes,
    allowedCmdlets: adminApi.allowedCmdlets,
    secrets,
    store,
    now,
    dueSince: () => dueSince(schedules, now()),
  });
  const { channels: channelSettings, publicUrl, heartbeatReference } = loaded.settings;
  const root = publicUrl ?? hostedAt(environment);
  const channels = channelSettings.map((one) =>
    createChannel(one, {
      read: secrets.read,
      now,
      graph: { endpoint: first?.graphEndpoint ?? '', token: () => graphToken(first, credentialFor) },
    }),
  );
  const notify: Notify = (event, state, context) => {
    const notice = noticeOf(event, state, context, root);
    return entryOf(
      notice,
      channelSettings.filter((one) => wants(one, notice)).map(({ id }) => id),
    );
  };
  const watchedIds = [...integrations.map(({ id }) => id), MONITOR_ID];
  const ports = (log: Log): RunPorts => ({ probes, store, log, now, notify });

  return {
    async planMailboxes() {
      const plannedAt = now();
      await notePlanned(store, plannedAt);
      return planBatches(integrations, plannedAt);
    },

    async checkBatch({ integrationId, mailboxes, plannedAt }, log) {
      const integration = integrations.find(({ id }) => id === integrationId);
      if (integration === undefined) {
        log('warn', `A batch names the integration "${integrationId}", which is not in the configuration: dropped.`);
        return;
      }
      if (plannedAt < staleBefore(schedules.mailbox, now())) {
        log('warn', `A batch of ${integrationId} waited for more than two intervals: dropped, newer ones are planned.`);
        return;
      }
      const application = await rememberedApplication(integration, store);
      await allOrThrow(mailboxes, log, (mailbox) =>
        checkSubject({ kind: 'mailbox', integrationId, mailbox }, integration, ports(log), {
          ifNotCheckedSince: plannedAt,
          application,
        }),
      );
    },

    async checkApplications(log) {
      const records: SubjectRecord[] = [];
      const applications = integrations.flatMap((integration) => {
        const application = applicationOf(integration);
        return application === undefined ? [] : [{ integration, application }];
      });
      for (const slice of slices(applications, APPLICATIONS_AT_ONCE)) {
        records.push(
          ...(await allOrThrow(slice, log, ({ integration, application }) =>
            checkSubject(application, integration, ports(log)),
          )),
        );
      }
      // The next step of a snapshot that takes hours: an hourly look is often enough.
      if (needsSnapshot(exchangeEvidence, records)) {
        await snapshot.refresh(applications.map(({ integration }) => integration));
      }
    },

    async checkMonitor(log) {
      const records: SubjectRecord[] = [];
      for (const slice of slices(tenants, APPLICATIONS_AT_ONCE)) {
        const looks = await allOrThrow(slice, log, (tenant) =>
          checkMonitorIn(tenant, { lookAtMonitor, store, log, now, notify }),
        );
        records.push(...looks);
      }
      const isWell = records.every(({ checks }) => checks.every(({ diagnosis }) => statusOf(diagnosis) !== 'critical'));
      if (heartbeatReference === undefined || !isWell) return;
      const failure = await sendHeartbeat(() => secrets.read(heartbeatReference));
      if (failure !== undefined) log('error', failure);
    },

    async lastRunIsFresh() {
      const plannedAt = await readPlanned(store);
      return plannedAt !== undefined && plannedAt >= dueSince(schedules, now()).mailbox;
    },

    sendNotices: (log) => deliver({ store, channels, integrationIds: watchedIds, now, log }),

    async testChannel(id) {
      return channels.find((one) => one.id === id)?.send([testNotice(now(), root)]);
    },

    async alerts() {
      const [records, outbox] = await Promise.all([store.loadAll(watchedIds), store.loadOutbox(watchedIds)]);
      const health = await Promise.all(channels.map(({ id }) => store.loadNote(healthNote(id))));
      return alertsReport({
        records,
        outbox: outbox.map(({ entry }) => entry),
        channels: channelSettings.map(({ id, kind }, index) => ({ id, kind, health: health[index] as ChannelHealth })),
        now: now(),
      });
    },

    async status(integrationId) {
      const isAll = integrationId === undefined || integrationId === MONITOR_ID;
      const isChosen = ({ id }: Integration) => isAll || id === integrationId;
      const chosen = integrations.filter(isChosen);
      return buildReport({
        integrations: chosen,
        tenants: tenants.filter((tenant) => tenant.integrations.some(isChosen)),
        records: await store.loadAll([...chosen.map(({ id }) => id), MONITOR_ID]),
        catalogue: { checks: CATALOGUE },
        now: now(),
        staleBefore: dueSince(schedules, now()),
      });
    },

    history: (subject, limit) => store.history(subject, limit),
  };
}

/** The address that Azure gives the function app. */
function hostedAt({ WEBSITE_HOSTNAME: host }: NodeJS.ProcessEnv): string | undefined {
  return host === undefined ? undefined : `https://${host}`;
}

/** Throws SignInError. */
async function graphToken(
  first: Integration | undefined,
  credentialFor: (integration: Integration) => TokenCredential | undefined,
): Promise<string> {
  const token = first && (await credentialFor(first)?.getToken(`${first.graphEndpoint}/.default`));
  if (token?.token !== undefined) return token.token;
  throw new SignInError(
    blind('not-configured', 'Mailbox Watch has nothing to sign in with: set monitor.signIn in the configuration.'),
  );
}

/** Snapshots are counted and slow: where the administration API answers, none is taken. */
function needsSnapshot(evidence: ExchangeEvidence, applications: readonly SubjectRecord[]): boolean {
  if (evidence !== 'auto') return evidence === 'graph-snapshot';
  return applications.some(({ evidence: seen }) => {
    if (!('exchangeServicePrincipal' in seen)) return false;
    const reading = seen.exchangeServicePrincipal;
    return reading.outcome === 'blind' && reading.reason === 'denied';
  });
}

/** The snapshots' state, beside the subjects in the store. */
function snapshotMemory({ loadNote, saveNote }: Store): SnapshotMemory {
  const keyOf = (tenant: string) => `exchange-snapshot ${tenant}`;
  return {
    load: async (tenant) => (await loadNote(keyOf(tenant))) as SnapshotState | undefined,
    save: (tenant, state) => saveNote(keyOf(tenant), state),
  };
}

/** What is remembered of the integration's application: read there once, used for all its mailboxes. */
async function rememberedApplication(integration: Integration, store: Store): Promise<ApplicationEvidence | undefined> {
  const application = applicationOf(integration);
  const evidence = application && (await store.load(application))?.record.evidence;
  return evidence !== undefined && 'delegateAccounts' in evidence ? evidence : undefined;
}

/** Lets every item have its turn, then throws the first failure: one mailbox whose result cannot be kept hides no other. */
async function allOrThrow<T>(
  items: readonly T[],
  log: Log,
  check: (item: T) => Promise<SubjectRecord>,
): Promise<SubjectRecord[]> {
  const results = await Promise.allSettled(items.map(check));
  const failures = results.filter((result) => result.status === 'rejected');
  const [first] = failures;
  if (first === undefined) return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  log('error', `${failures.length} of ${items.length} results could not be remembered; they are checked again.`);
  throw first.reason;
}

function schedulesOf(environment: NodeJS.ProcessEnv): Record<Subject['kind'], string> {
  const setting = (name: string, otherwise = ''): string => {
    const schedule = environment[name] ?? otherwise;
    const problem = scheduleProblem(schedule);
    if (problem !== undefined)
      throw new ConfigurationError('app settings', [{ path: name, line: 1, column: 1, message: problem }]);
    return schedule;
  };
  return {
    mailbox: setting(MAILBOXES_SCHEDULE),
    application: setting(APPLICATIONS_SCHEDULE),
    monitor: setting(MONITOR_SCHEDULE, DEFAULT_MONITOR_SCHEDULE),
  };
}

/** What was last checked before these moments has missed two runs. */
function dueSince(schedules: Record<Subject['kind'], string>, now: number): Record<Subject['kind'], number> {
  return {
    mailbox: staleBefore(schedules.mailbox, now),
    application: staleBefore(schedules.application, now),
    monitor: staleBefore(schedules.monitor, now),
  };
}
