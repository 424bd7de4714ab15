import type { TokenCredential } from '@azure/identity';
import { alertsReport, type AlertsReport } from './alerts/alerts-report';
import { deliver, healthNote } from './alerts/deliver';
import { mutesAt } from './alerts/muted';
import { pointsAtApplication, toldFor } from './alerts/root-cause';
import { noticeOf, testNotice } from './alerts/notice-of';
import { nextDigest } from './alerts/digest';
import { addSilence, endSilence, loadSilences, type NewSilence } from './alerts/silences';
import { entryOf } from './alerts/outbox';
import { createChannel } from './channels';
import { sendHeartbeat } from './channels/heartbeat';
import { checkMonitorIn } from './check-monitor';
import { CATALOGUE } from './checks';
import type { AlertEvent } from './core/alerting';
import { wants } from './core/channel-settings';
import { planBatches, slices, type MailboxBatch } from './core/batches';
import type { Silence } from './core/muting';
import type { ChannelHealth, SendResult } from './core/notice';
import { SignInError, type HistoryEntry, type Log, type Probes, type Store, type SubjectRecord } from './core/ports';
import { blind } from './core/reading';
import {
  buildOverview,
  buildReport,
  reportSubject,
  type Overview,
  type StatusReport,
  type SubjectReport,
} from './core/report';
import { statusOf } from './core/status';
import type { Settings } from './core/settings';
import {
  applicationOf,
  contextOf,
  subjectName,
  subjectsOf,
  type ExchangeEvidence,
  type Integration,
  type Subject,
} from './core/subject';
import { MONITOR_ID, MONITOR_NAME, watchedTenants } from './core/watched-tenant';
import { summarize } from './core/summarize';
import type { ApplicationEvidence } from './core/evidence';
import type { ChannelState, ConfigurationState } from './core/monitor-evidence';
import { createAccessTokenProbe } from './probes/access-token';
import { createConfiguredCertificateProbe } from './probes/configured-certificate';
import { createConfiguredSecretProbe } from './probes/configured-secret';
import { createAppRegistrationProbe, createDirectoryProbe } from './probes/directory';
import { createGroupExpander } from './probes/directory/group-members';
import { createExchangeAdminApi } from './probes/exchange-settings/admin-api';
import { chooseExchange } from './probes/exchange-settings/choose';
import { rememberGroups } from './probes/exchange-settings/group-memory';
import { createExchangeSnapshot } from './probes/exchange-settings/snapshot';
import type { SnapshotState } from './probes/exchange-settings/snapshot-state';
import { createGraphMailProbe } from './probes/graph-mail';
import { createImapProbe } from './probes/imap-session';
import { createMailboxChangeLog, isSearched, newestFault } from './probes/mailbox-changes';
import type { SearchState } from './probes/mailbox-changes/search-state';
import { createMonitorProbe } from './probes/monitor/gather';
import { notePlanned, readPlanned } from './probes/monitor/remembered';
import { createMonitorCredential } from './probes/monitor-credential';
import { createPopProbe } from './probes/pop-session';
import type { TenantMemory } from './probes/tenant-memory';
import { alertPolicy, checkSubject, type Notify, type RunPorts } from './run-checks';
import { createKeyVaultSecrets, vaultUrlIn } from './settings/key-vault';
import { staleBefore } from './settings/schedule';
import { createAllSecrets } from './settings/secret-references';
import { createSecrets } from './settings/secrets';

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
  /** What is open, what is on its way unless that is not asked for, and how the channels are. Throws when the storage cannot be read. */
  readonly alerts: (options?: { readonly withOutbox?: boolean }) => Promise<AlertsReport>;
  /** Holds notices back until a moment. Throws when the storage fails. */
  readonly silence: (wanted: NewSilence) => Promise<Silence>;
  /** False where there is no silence of this id. Throws when the storage fails. */
  readonly endSilence: (id: string) => Promise<boolean>;
  /** Of the integration with this id, or of all. Throws when the storage cannot be read. */
  readonly status: (integrationId?: string) => Promise<StatusReport>;
  /** The same without checks and evidence; what was read before is not read again. Throws when the storage cannot be read. */
  readonly overview: (integrationId?: string) => Promise<Overview>;
  /** One subject whole; undefined where it is not watched. Throws when the storage cannot be read. */
  readonly subject: (integrationId: string, name: string) => Promise<SubjectReport | undefined>;
  /** How many mailboxes and applications are watched, of the integration with this id or of all. */
  readonly watchedCount: (integrationId?: string) => number;
  /** Undefined where there is no integration of this id. */
  readonly integrationName: (id: string) => string | undefined;
  /** Newest first. Throws when the storage cannot be read. */
  readonly history: (subject: Subject, limit: number) => Promise<HistoryEntry[]>;
}

export interface Composition {
  readonly settings: Settings;
  /** What `file:` references are relative to. */
  readonly folder: string;
  /** What `env:` references name. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly store: Store;
  /** NCRONTAB texts, sound. */
  readonly schedules: Schedules;
  /** Whether the configuration is valid as it was last written; default: it is. */
  readonly configuration?: () => ConfigurationState;
  /** Signs in instead of what the settings name, where that works in Azure only. */
  readonly signIn?: (tenant: string) => TokenCredential;
  /** Whether a snapshot of Exchange's settings or a search of the audit log, which take hours, may be started. */
  readonly startsJobs: boolean;
}

export type Schedules = Readonly<Record<Subject['kind'], string>>;

/** The monitor of these settings. Connects to nothing yet; throws nothing. */
export function composeMonitor(options: Composition): Monitor {
  const { settings, folder, environment, schedules, store, startsJobs } = options;
  const { integrations, monitorSignIn, exchangeEvidence } = settings;
  const tenants = watchedTenants(settings);
  const now = Date.now;
  const localSecrets = createSecrets({ environment, folder });
  // One credential a tenant, so that all that read there share its token.
  const credentials = new Map<string, TokenCredential | undefined>();
  const credentialFor = (integration: Integration) => {
    // Mailbox Watch is an app of Entra ID: its credential is for no other token endpoint.
    if (integration.provider !== 'microsoft365') return undefined;
    const key = `${integration.loginAuthority}/${integration.tenant}`;
    if (!credentials.has(key)) {
      credentials.set(
        key,
        options.signIn?.(integration.tenant) ?? createMonitorCredential(monitorSignIn, integration, localSecrets),
      );
    }
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
  const snapshot = createExchangeSnapshot({
    credentialFor,
    expandGroup,
    now,
    memory: notesOf<SnapshotState>(store, 'exchange-snapshot'),
  });
  const adminApi = createExchangeAdminApi({ credentialFor, expandGroup, now });
  const changeLog = createMailboxChangeLog({
    credentialFor,
    now,
    memory: notesOf<SearchState>(store, 'mailbox-changes'),
  });
  const probes: Probes = {
    mailboxChanges: changeLog.of,
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
  const channelHealth = async () =>
    (await Promise.all(settings.channels.map(({ id }) => store.loadNote(healthNote(id))))) as (
      ChannelHealth | undefined
    )[];
  const lookAtMonitor = createMonitorProbe({
    credentialFor,
    probes,
    allowedCmdlets: adminApi.allowedCmdlets,
    secrets,
    store,
    now,
    dueSince: () => dueSince(schedules, now()),
    configuration: options.configuration ?? (() => ({ valid: true })),
    channelStates: async () => {
      const health = await channelHealth();
      return settings.channels.map(({ id }, index) => stateOf(id, health[index], now()));
    },
  });
  const { channels: channelSettings, publicUrl, heartbeatReference, alerting } = settings;
  const policy = alertPolicy(alerting);
  const root = publicUrl ?? hostedAt(environment);
  const channels = channelSettings.map((one) =>
    createChannel(one, {
      read: secrets.read,
      now,
      credential: () => (usesEntra(environment) ? vaultCredential : undefined),
      graph: { endpoint: first?.graphEndpoint ?? '', token: () => graphToken(first, credentialFor) },
    }),
  );
  const notify: Notify = (event, state, context, evidence) => {
    const notice = noticeOf(event, state, context, evidence, { root, policy });
    return entryOf(
      notice,
      channelSettings
        .filter((one) => wants(one, notice))
        .map(({ id, digest }) => ({ id, notBefore: nextDigest(digest, notice.at) })),
    );
  };
  /** Keeps the summaries, and sends the results where else they go. Throws when the storage fails. */
  const reportLooks = async (records: readonly SubjectRecord[], log: Log) => {
    await store.saveSummaries(records.map((record) => summarize(record, { checks: CATALOGUE })));
    for (const { report } of channels) {
      const failure = await report?.(records);
      if (failure !== undefined) log('warn', failure);
    }
  };
  const watchedIds = [...integrations.map(({ id }) => id), MONITOR_ID];
  const watched = new Set(watchedIds);
  const ports = async (log: Log, application?: SubjectRecord): Promise<RunPorts> => {
    const silences = await loadSilences(store, now());
    const told = toldFor(application?.checks.flatMap(({ alert }) => alert.open ?? []) ?? []);
    const mutedBy = mutesAt(alerting, silences, now(), () => told);
    const isMuted: RunPorts['isMuted'] = (subject, cause) => mutedBy({ subject, cause }) !== undefined;
    return { probes, store, log, now, notify, policy, isMuted };
  };

  const judged = () => ({ catalogue: { checks: CATALOGUE }, now: now(), staleBefore: dueSince(schedules, now()) });
  const chosenBy = (integrationId: string | undefined) => {
    const isAll = integrationId === undefined || integrationId === MONITOR_ID;
    const isChosen = ({ id }: Integration) => isAll || id === integrationId;
    const chosen = integrations.filter(isChosen);
    return {
      integrations: chosen,
      tenants: tenants.filter((tenant) => tenant.integrations.some(isChosen)),
      ids: [...chosen.map(({ id }) => id), MONITOR_ID],
    };
  };

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
      const application = applicationOf(integration);
      const remembered = application && (await store.load(application))?.record;
      const run = await ports(log, remembered);
      const events: AlertEvent[] = [];
      const noting: Notify = (event, ...about) => {
        events.push(event);
        return notify(event, ...about);
      };
      const records = await allOrThrow(mailboxes, log, (mailbox) =>
        checkSubject(
          { kind: 'mailbox', integrationId, mailbox },
          integration,
          { ...run, notify: noting },
          {
            ifNotCheckedSince: plannedAt,
            application: evidenceOfApplication(remembered),
          },
        ),
      );
      if (application !== undefined && pointsAtApplication(remembered, records, events)) {
        records.push(await checkSubject(application, integration, run, { ifNotCheckedSince: plannedAt }));
      }
      await reportLooks(records, log);
    },

    async checkApplications(log) {
      const records: SubjectRecord[] = [];
      const run = await ports(log);
      const applications = integrations.flatMap((integration) => {
        const application = applicationOf(integration);
        return application === undefined ? [] : [{ integration, application }];
      });
      for (const slice of slices(applications, APPLICATIONS_AT_ONCE)) {
        records.push(
          ...(await allOrThrow(slice, log, ({ integration, application }) =>
            checkSubject(application, integration, run),
          )),
        );
      }
      await reportLooks(records, log);
      // The next step of a snapshot that takes hours: an hourly look is often enough.
      if (startsJobs && needsSnapshot(exchangeEvidence, records)) {
        await snapshot.refresh(applications.map(({ integration }) => integration));
      }
      if (startsJobs && integrations.some(isSearched)) {
        const summaries = [...(await store.summaries()).values()];
        await changeLog.refresh(integrations, (of) => newestFault(integrations, of, summaries));
      }
    },

    async checkMonitor(log) {
      const records: SubjectRecord[] = [];
      const run = await ports(log);
      for (const slice of slices(tenants, APPLICATIONS_AT_ONCE)) {
        const looks = await allOrThrow(slice, log, (tenant) => checkMonitorIn(tenant, { ...run, lookAtMonitor }));
        records.push(...looks);
      }
      await reportLooks(records, log);
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

    async alerts({ withOutbox = true } = {}) {
      const [summaries, outbox] = await Promise.all([
        store.summaries(),
        withOutbox ? store.loadOutbox(watchedIds) : [],
      ]);
      const [health, silences] = await Promise.all([channelHealth(), loadSilences(store, now())]);
      return alertsReport({
        summaries: [...summaries.values()].filter(({ subject }) => watched.has(subject.integrationId)),
        outbox: outbox.map(({ entry }) => entry),
        silences,
        alerting,
        channels: channelSettings.map(({ id, kind }, index) => ({ id, kind, health: health[index] })),
        now: now(),
      });
    },

    silence: (wanted) => addSilence(store, wanted, now()),

    endSilence: (id) => endSilence(store, id, now()),

    async status(integrationId) {
      const chosen = chosenBy(integrationId);
      return buildReport({ ...chosen, records: await store.loadAll(chosen.ids), ...judged() });
    },

    async overview(integrationId) {
      const chosen = chosenBy(integrationId);
      return buildOverview({ ...chosen, summaries: await store.summaries(), ...judged() });
    },

    watchedCount: (integrationId) =>
      chosenBy(integrationId).integrations.reduce((sum, one) => sum + subjectsOf(one).length, 0),

    integrationName: (id) => (id === MONITOR_ID ? MONITOR_NAME : integrations.find((one) => one.id === id)?.name),

    async subject(integrationId, name) {
      const isNamed = (subject: Subject) => subjectName(subject) === name;
      const tenant = integrationId === MONITOR_ID ? tenants.find(({ subject }) => isNamed(subject)) : undefined;
      const integration = integrations.find(({ id }) => id === integrationId);
      const owner = tenant?.self ?? integration;
      const subject = tenant?.subject ?? (integration && subjectsOf(integration).find(isNamed));
      if (owner === undefined || subject === undefined) return undefined;
      const remembered = await store.load(subject);
      return reportSubject(contextOf(subject, owner, now()), remembered?.record, judged());
    },

    history: (subject, limit) => store.history(subject, limit),
  };
}

function stateOf(id: string, health: ChannelHealth | undefined, now: number): ChannelState {
  const failure = health?.failure;
  if (failure === undefined) return { id };
  return { id, failingForMs: now - (failure.since ?? failure.at), detail: failure.detail };
}

/** The host's own setting for it: https://learn.microsoft.com/azure/azure-functions/functions-app-settings */
function usesEntra({ APPLICATIONINSIGHTS_AUTHENTICATION_STRING: how = '' }: Composition['environment']): boolean {
  return /Authorization=AAD/i.test(how);
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

/** A state for each tenant, beside the subjects in the store. */
function notesOf<State>({ loadNote, saveNote }: Store, name: string): TenantMemory<State> {
  const keyOf = (tenant: string) => `${name} ${tenant}`;
  return {
    load: async (tenant) => (await loadNote(keyOf(tenant))) as State | undefined,
    save: (tenant, state) => saveNote(keyOf(tenant), state),
  };
}

/** What was seen of the integration's application: read there once, used for all its mailboxes. */
function evidenceOfApplication(remembered: SubjectRecord | undefined): ApplicationEvidence | undefined {
  const evidence = remembered?.evidence;
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

/** What was last checked before these moments has missed two runs. */
function dueSince(schedules: Schedules, now: number): Record<Subject['kind'], number> {
  return {
    mailbox: staleBefore(schedules.mailbox, now),
    application: staleBefore(schedules.application, now),
    monitor: staleBefore(schedules.monitor, now),
  };
}
