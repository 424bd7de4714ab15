import type { Log } from '../../../shared/core/ports';
import { contextOf, type Subject } from '../../../shared/core/subject';
import { memoryStore } from '../../../shared/store/memory-store';
import { monitorHere, openConfiguration, type ConfigurationOptions } from '../open-configuration';
import { CommandError, EXIT_CODES, USAGE, type Outcome } from '../outcome';
import { recordedCase } from '../recorded-case';
import { chosen } from './check';

const ONE_MAILBOX = 'Name one mailbox: mailbox-watch record <integration>/<mailbox>.';

/** Looks at one mailbox and gives what was seen, without names and secrets, as a test case. Throws CommandError. */
export async function record(target: string, options: ConfigurationOptions): Promise<Outcome> {
  if (!target.includes('/')) throw new CommandError(ONE_MAILBOX, USAGE);
  const opened = await openConfiguration(options);
  const settings = chosen(opened.settings, target);
  const [integration] = settings.integrations;
  const [mailbox] = integration?.mailboxes ?? [];
  if (integration === undefined || mailbox === undefined) throw new CommandError(ONE_MAILBOX, USAGE);
  const store = memoryStore();
  const monitor = monitorHere({ ...opened, settings }, store);
  const log: Log = () => undefined;
  await monitor.checkApplications(log);
  for (const batch of await monitor.planMailboxes()) await monitor.checkBatch(batch, log);
  const subject: Subject = { kind: 'mailbox', integrationId: integration.id, mailbox: mailbox.address };
  const remembered = await store.load(subject);
  if (remembered === undefined) throw new CommandError(`${mailbox.address} could not be looked at.`);
  const { record: seen } = remembered;
  const recorded = recordedCase(seen, contextOf(subject, integration, seen.checkedAt));
  return { text: JSON.stringify(recorded, undefined, 2), code: EXIT_CODES.ok };
}
