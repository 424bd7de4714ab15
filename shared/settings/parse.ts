import { joinFleets, type FleetFile } from './fleet-files';
import type { Settings } from '../core/settings';
import { contradictions } from './contradictions';
import { fillIn } from './fill-in';
import { findingsOf, type Finding } from './problems';
import { configurationSchema } from './schema';
import { toSettings } from './to-settings';
import { readYaml, type YamlSource } from './yaml-source';

/** One thing wrong with the configuration. Holds no secret. */
export interface ConfigurationProblem {
  /** The file with integrations that it is in; absent for the configuration itself. */
  readonly file?: string;
  /** Such as `integrations[0].mailboxes[2]`; `(file)` where it concerns the text as a whole. */
  readonly path: string;
  /** Line and column of the key or the list item, both from 1. */
  readonly line: number;
  readonly column: number;
  /** What was expected, with an example, and what was found. */
  readonly message: string;
}

export type ParsedConfiguration =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] };

/** Reads YAML or JSON; `${env:NAME}` in it stands for a value of the environment. All problems come at once, in the order of the text; nothing is thrown. */
export function parseConfiguration(
  text: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): ParsedConfiguration {
  return parseSource(readYaml(text), environment);
}

/** The same of what was read already, with the files of integrations that it names. */
export function parseSource(
  source: YamlSource,
  environment: Readonly<Record<string, string | undefined>>,
  files: readonly FleetFile[] = [],
): ParsedConfiguration {
  const problems: ConfigurationProblem[] = source.faults.map(({ line, column, message }) => ({
    path: '(file)',
    line,
    column,
    message,
  }));
  if (source.data === undefined) return { ok: false, problems: inOrder(problems) };
  const joined = joinFleets(source, source.data.value, files);
  const { value, findings: unset } = fillIn(joined.value, environment);
  const parsed = configurationSchema.safeParse(value);
  const findings: Finding[] = [
    ...unset,
    ...(parsed.error === undefined ? [] : findingsOf(parsed.error.issues, value)),
    ...contradictions(value),
  ];
  const placed = [...joined.faults, ...findings.map((one) => ({ ...one, origin: joined.originOf(one.path) }))];
  for (const { message, origin } of placed) {
    const { line, column, path } = origin.source.locate(origin.path);
    problems.push({
      ...(origin.file !== undefined && { file: origin.file }),
      path: pathText(path),
      line,
      column,
      message,
    });
  }
  if (!parsed.success || problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return { ok: true, settings: toSettings(parsed.data) };
}

function inOrder(problems: readonly ConfigurationProblem[]): ConfigurationProblem[] {
  return problems.toSorted(
    (a, b) => (a.file ?? '').localeCompare(b.file ?? '') || a.line - b.line || a.column - b.column,
  );
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(file)';
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .slice(1);
}
