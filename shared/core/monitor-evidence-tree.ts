import type { EvidenceNode } from './evidence-node';
import type {
  ChannelState,
  ClockSkew,
  ConfigurationState,
  LastRuns,
  MonitorEvidence,
  RefreshTokenAge,
  StorageAnswer,
  VaultSecret,
} from './monitor-evidence';
import type { Reading } from './reading';
import { momentText } from './time';

/** What is seen of Mailbox Watch alone; the rest it has in common with what it watches. */
type OwnEvidence = Omit<MonitorEvidence, 'ownToken' | 'appRegistration' | 'configuredSecret' | 'configuredCertificate'>;

type Value<R> = Extract<R, { outcome: 'seen' }> extends { value: infer T } ? T : never;

export const OWN_EVIDENCE_NAMES: Readonly<Record<keyof OwnEvidence, string>> = {
  refusedReads: 'Reads that were refused in the last run',
  exchangeCmdlets: 'Cmdlets that Exchange allows',
  snapshotsStandIn: "Snapshots of Exchange's settings stand in",
  vaultSecrets: 'Secrets in Key Vault',
  refreshTokens: 'Refresh tokens',
  lastRuns: 'Last runs',
  storage: 'Storage',
  clock: 'Clock',
  channels: 'Channels',
  configuration: 'Configuration',
};

/** One line for each piece of evidence that was seen. */
export const OWN_EVIDENCE_TOLD: {
  readonly [Name in keyof OwnEvidence]: (value: Value<OwnEvidence[Name]>) => EvidenceNode;
} = {
  refusedReads: (paths: readonly string[]) => ({
    mark: paths.length === 0 ? 'ok' : 'bad',
    text: paths.length === 0 ? 'none' : paths.join(', '),
  }),
  exchangeCmdlets: (names: readonly string[]) => ({ mark: 'fact', text: names.join(', ') || 'none' }),
  snapshotsStandIn: (standIn: boolean) => ({ mark: 'fact', text: standIn ? 'yes' : 'no' }),
  vaultSecrets: (secrets: readonly VaultSecret[]) => ({
    mark: 'fact',
    text: String(secrets.length),
    children: secrets.map(({ reference, writtenAt }) => datedNode(reference, writtenAt)),
  }),
  refreshTokens: (tokens: readonly RefreshTokenAge[]) => ({
    mark: 'fact',
    text: String(tokens.length),
    children: tokens.map(({ reference, delegate, writtenAt }) => datedNode(`${reference} of ${delegate}`, writtenAt)),
  }),
  lastRuns: ({ mailboxes, applications, mailboxesPlannedAt }: LastRuns) => ({
    mark: 'fact',
    text: [
      `mailboxes ${momentOf(mailboxes.at)}`,
      `planned ${momentOf(mailboxesPlannedAt)}`,
      `applications ${momentOf(applications.at)}`,
    ].join(', '),
  }),
  storage: (answer: StorageAnswer) =>
    answer.works
      ? { mark: 'ok', text: 'a note was written and read back', ms: answer.ms }
      : { mark: 'bad', text: 'failed', said: answer.detail },
  clock: ({ host, aheadMs }: ClockSkew) => ({
    mark: 'fact',
    text: `${Math.round(Math.abs(aheadMs) / 1000)} seconds ${aheadMs < 0 ? 'behind' : 'ahead of'} ${host}`,
  }),
  configuration: (state: ConfigurationState) =>
    state.valid ? { mark: 'ok', text: 'valid' } : { mark: 'bad', text: 'not valid', said: state.problems },
  channels: (channels: readonly ChannelState[]) => ({
    mark: 'fact',
    text: channels.length === 0 ? 'none: nobody is told' : String(channels.length),
    children: channels.map(({ id, failingForMs, detail }) =>
      failingForMs === undefined
        ? { mark: 'ok', text: id }
        : { mark: 'bad', text: `${id}, for ${Math.round(failingForMs / 60_000)} minutes`, said: detail ?? '' },
    ),
  }),
};

function datedNode(name: string, writtenAt: Reading<number>): EvidenceNode {
  return writtenAt.outcome === 'blind'
    ? { mark: 'unseen', text: name, said: writtenAt.detail }
    : { mark: 'fact', text: `${name}, written ${momentOf(writtenAt.value)}` };
}

function momentOf(ms: number | undefined): string {
  return ms === undefined ? 'never' : momentText(ms);
}
