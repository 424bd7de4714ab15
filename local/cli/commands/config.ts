import { existsSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { configurationJsonSchema } from '../json-schema';
import { sampleConfiguration, type SampleValues } from '../sample-configuration';
import { configurationPath, openConfiguration, type ConfigurationOptions } from '../open-configuration';
import { CommandError, EXIT_CODES, USAGE, type Outcome } from '../outcome';

/** Says whether the configuration is sound. Throws CommandError with every problem of it. */
export async function validate(options: ConfigurationOptions): Promise<Outcome> {
  const { path, settings } = await openConfiguration(options);
  const { integrations } = settings;
  const mailboxes = integrations.reduce((sum, one) => sum + one.mailboxes.length, 0);
  const text = `${path} is valid: ${count(integrations.length, 'integration')}, ${count(mailboxes, 'mailbox', 'mailboxes')}.`;
  return { text, code: EXIT_CODES.ok };
}

/** The configuration with every default filled in. Secrets stand in it as references only. Throws CommandError. */
export async function print(options: ConfigurationOptions): Promise<Outcome> {
  const { settings } = await openConfiguration(options);
  return { text: stringify(settings, { aliasDuplicateObjects: false }).trimEnd(), code: EXIT_CODES.ok };
}

/** JSON Schema for editors (draft-07). */
export function schema(): Outcome {
  return { text: configurationJsonSchema(), code: EXIT_CODES.ok };
}

/** Writes a commented configuration to begin with. Throws CommandError where there is one. */
export function init(options: ConfigurationOptions & SampleValues): Outcome {
  const path = configurationPath(options);
  if (existsSync(path))
    throw new CommandError(`${path} exists and is left alone. Name another file: --config FILE`, USAGE);
  try {
    writeFileSync(path, sampleConfiguration(options), { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new CommandError(`${path} cannot be written (${code}). Name another file: --config FILE`);
  }
  const text = `${path} is written. Put your own values in, then: mailbox-watch config validate, mailbox-watch check`;
  return { text, code: EXIT_CODES.ok };
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
