import { dirname } from 'node:path';
import type { Log } from '../../../shared/core/ports';
import type { Integration } from '../../../shared/core/subject';
import { createSecrets } from '../../../shared/settings/secrets';
import { memoryStore } from '../../../shared/store/memory-store';
import { createTableStore, tableClientFor } from '../../../shared/store/table-store';
import { findingsScreen, type Category, type Finding } from '../formats/findings';
import {
  isElsewhere,
  monitorHere,
  openConfiguration,
  type ConfigurationOptions,
  type OpenedConfiguration,
} from '../open-configuration';
import { EXIT_CODES, type Outcome } from '../outcome';
import { reach } from '../reach';
import { inSteps } from '../progress';

export interface DoctorOptions extends ConfigurationOptions {
  readonly output: 'pretty' | 'json';
  readonly quiet?: boolean;
}

const OLDEST_NODE = [22, 15] as const;

/** Examines Mailbox Watch's own set-up on this machine. Throws CommandError where the configuration is not sound. */
export async function doctor({ output, quiet = false, ...options }: DoctorOptions): Promise<Outcome> {
  const opened = await openConfiguration(options);
  const categories: Category[] = [];
  const step = (title: string, look: () => Promise<readonly Finding[]>) => ({
    title,
    run: async () => void categories.push({ title, findings: await look() }),
  });
  await inSteps(quiet, [
    [step('This machine', async () => [nodeFinding(), configurationFinding(opened), await storageFinding()])],
    [step('Hosts', () => hostFindings(opened.settings.integrations))],
    [step('Secrets', () => secretFindings(opened))],
    [step('Mailbox Watch itself', () => ownFindings(opened))],
  ]);
  const results = categories.flatMap(({ findings }) => findings.map(({ result }) => result));
  const code = results.includes('error')
    ? EXIT_CODES.critical
    : results.includes('warning')
      ? EXIT_CODES.warning
      : EXIT_CODES.ok;
  const success = code !== EXIT_CODES.critical;
  return {
    text: output === 'json' ? JSON.stringify({ success, categories }, undefined, 2) : findingsScreen(categories),
    code,
  };
}

function nodeFinding(): Finding {
  const description = `Node is ${OLDEST_NODE.join('.')} or newer`;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return isNew
    ? { description, result: 'success' }
    : {
        description,
        result: 'error',
        error: `It is ${process.versions.node}.`,
        hint: 'Run it with npx: the project brings its own.',
      };
}

function configurationFinding({ path, settings }: OpenedConfiguration): Finding {
  const mailboxes = settings.integrations.reduce((sum, one) => sum + one.mailboxes.length, 0);
  return {
    description: `${path} is valid (${settings.integrations.length} integrations, ${mailboxes} mailboxes)`,
    result: 'success',
  };
}

async function storageFinding(): Promise<Finding> {
  const description = 'The storage of the function app answers';
  if (
    process.env['AzureWebJobsStorage'] === undefined &&
    process.env['AzureWebJobsStorage__tableServiceUri'] === undefined
  ) {
    return {
      description,
      result: 'skipped',
      error: 'No storage is set on this machine; check and doctor need none.',
      hint: 'To examine it set AzureWebJobsStorage, or AzureWebJobsStorage__tableServiceUri for an identity.',
    };
  }
  try {
    await createTableStore(tableClientFor(process.env)).loadNote('doctor');
    return { description, result: 'success' };
  } catch (error) {
    return { description, result: 'error', error: error instanceof Error ? error.message : String(error) };
  }
}

/** Every host once, however many integrations use it. */
async function hostFindings(integrations: readonly Integration[]): Promise<Finding[]> {
  const hosts = new Set(
    integrations.flatMap(({ loginAuthority, graphEndpoint, mailServer, protocol, provider, exchange }) => [
      hostOf(loginAuthority),
      ...(provider === 'microsoft365' ? [hostOf(graphEndpoint), hostOf(exchange.endpoint)] : []),
      ...(protocol === 'graph' ? [] : [`${mailServer.host}:${mailServer.port}`]),
    ]),
  );
  return Promise.all([...hosts].map(reach));
}

function hostOf(origin: string): string {
  const { hostname, port } = new URL(origin);
  return `${hostname}:${port || '443'}`;
}

/** Whether each reference leads to a secret on this machine; what Key Vault holds is told with Mailbox Watch itself. */
async function secretFindings({ path, settings }: OpenedConfiguration): Promise<Finding[]> {
  const secrets = createSecrets({ environment: process.env, folder: dirname(path) });
  const references = settings.integrations.flatMap(({ credential, mailboxes }) => [
    credential.reference,
    ...mailboxes.flatMap(({ refreshTokenReference }) => refreshTokenReference ?? []),
  ]);
  const here = [...new Set(references)].filter((reference) => !reference.startsWith('kv:'));
  return Promise.all(
    here.map(async (reference): Promise<Finding> => {
      const description = `${reference} leads to a secret`;
      return secrets.read(reference).then(
        () => ({ description, result: 'success' }),
        (error: unknown) => ({
          description,
          result: 'error',
          error: error instanceof Error ? error.message : String(error),
        }),
      );
    }),
  );
}

/** What runs in the function app alone, such as its timers and its storage. */
const NOT_HERE: ReadonlySet<string> = new Set([
  'monitor-runs',
  'monitor-storage',
  'monitor-channels',
  'monitor-configuration',
]);
/** What depends on an identity that this machine does not have. */
const OF_IDENTITY: ReadonlySet<string> = new Set(['monitor-clock', 'monitor-refresh-tokens']);

async function ownFindings(opened: OpenedConfiguration): Promise<Finding[]> {
  const store = memoryStore();
  const log: Log = () => undefined;
  const monitor = monitorHere(opened, store);
  await monitor.checkMonitor(log);
  const { monitor: tenants } = await monitor.status();
  const elsewhere = isElsewhere(opened.settings);
  const findings = tenants.flatMap(({ name, checks }) =>
    checks
      .filter(({ id }) => !NOT_HERE.has(id) && (!elsewhere || OF_IDENTITY.has(id)))
      .map((check): Finding => {
        const description = tenants.length > 1 ? `${name}: ${check.title}` : check.title;
        const { status, cause, reason, blockedBy, remediation } = check;
        if (status === 'healthy') return { description, result: 'success' };
        const error = cause?.title ?? reason ?? `not judged before ${blockedBy ?? 'another check'} is healthy`;
        const hint = remediation?.steps
          .flatMap(({ say, commands }) => [say, ...commands.map(({ text }) => `  ${text}`)])
          .join('\n');
        return { description, result: resultOf(check), error, ...(hint !== undefined && { hint }) };
      }),
  );
  if (!elsewhere) return findings;
  return [
    ...findings,
    {
      description: 'The managed identity signs in and holds its permissions',
      result: 'skipped',
      error: 'A managed identity can be judged within Azure only.',
      hint: 'mailbox-watch status mailbox-watch --url https://<function app>.azurewebsites.net',
    },
  ];
}

function resultOf({ status, verdict }: { readonly status: string; readonly verdict: string }): Finding['result'] {
  if (verdict === 'blocked') return 'skipped';
  return status === 'critical' ? 'error' : 'warning';
}
