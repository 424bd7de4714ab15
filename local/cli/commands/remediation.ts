import { styleText } from 'node:util';
import { CATALOGUE } from '../../../shared/checks';
import { fillText, renderRemedy, sayWithRole } from '../../../shared/core/remedy';
import { contextOf, type Context, type WatchedSubject } from '../../../shared/core/subject';
import { remediations } from '../../../shared/formats/remediations';
import { didYouMean } from '../../../shared/settings/did-you-mean';
import { paintCommand, stepLines } from '../formats/words';
import { openConfiguration, type ConfigurationOptions } from '../open-configuration';
import { CommandError, EXIT_CODES, USAGE, type Outcome } from '../outcome';
import { chosen } from './check';

export interface RemediationOptions extends ConfigurationOptions {
  /** `integration` or `integration/mailbox` of the configuration: its values are filled in. */
  readonly for?: string;
  readonly output: 'pretty' | 'json';
}

/** The remedy of a cause, or the list of all causes. Throws CommandError. */
export async function remediation(id: string | undefined, options: RemediationOptions): Promise<Outcome> {
  const all = remediations();
  if (id === undefined) {
    const lines = all.map((one) => `${one.id.padEnd(44)} ${one.title}`);
    return { text: options.output === 'json' ? json(all) : lines.join('\n'), code: EXIT_CODES.ok };
  }
  const found = all.find((one) => one.id === id);
  if (found === undefined) {
    const meant = didYouMean(
      id,
      all.map((one) => one.id),
    );
    const hint = meant === undefined ? 'mailbox-watch remediation lists them all.' : `Did you mean "${meant}"?`;
    throw new CommandError(`There is no cause "${id}". ${hint}`, USAGE);
  }
  const cause = CATALOGUE.flatMap(({ causes }) => causes).find((one) => one.id === id);
  const context = options.for === undefined ? undefined : await contextFor(options.for, options);
  const steps =
    context === undefined || cause === undefined
      ? found.steps.map((step) => ({
          say: sayWithRole(step),
          commands: step.run === undefined ? [] : [{ text: step.run.command }],
        }))
      : renderRemedy(cause.remedy, {}, context);
  const why = context === undefined ? found.why : fillText(found.why, {}, context);
  if (options.output === 'json') return { text: json({ ...found, why, steps }), code: EXIT_CODES.ok };
  const text = [
    `${styleText('bold', found.title)} ${styleText('dim', `(${found.severity}, ${found.id})`)}`,
    why,
    ...stepLines(steps, paintCommand),
    ...found.sources.map((source) => styleText('dim', source)),
  ];
  return { text: text.join('\n'), code: EXIT_CODES.ok };
}

async function contextFor(target: string, options: ConfigurationOptions): Promise<Context> {
  const { settings } = await openConfiguration(options);
  const [integration] = chosen(settings, target).integrations;
  if (integration === undefined) throw new CommandError(`There is no integration "${target}".`, USAGE);
  const [mailbox] = integration.mailboxes;
  const subject: WatchedSubject =
    target.includes('/') && mailbox !== undefined
      ? { kind: 'mailbox', integrationId: integration.id, mailbox: mailbox.address }
      : { kind: 'application', integrationId: integration.id, clientId: integration.clientId };
  return contextOf(subject, integration, Date.now());
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
