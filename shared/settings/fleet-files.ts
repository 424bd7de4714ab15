import type { Finding } from './problems';
import { forAllOrOne } from './schema';
import { readYaml, type YamlSource } from './yaml-source';

/** A file with integrations, beside the configuration. */
export interface FleetFile {
  /** As problems name it, such as `fleets/jira.yaml`. */
  readonly name: string;
  readonly text: string;
}

const FOR_ALL_OR_ONE = Object.keys(forAllOrOne);
const KNOWN: readonly string[] = [...FOR_ALL_OR_ONE, 'integrations'];

/** Where something of the joined data was written. */
export interface Origin {
  /** Undefined for the configuration itself. */
  readonly file?: string;
  readonly source: YamlSource;
  readonly path: readonly PropertyKey[];
}

export interface Joined {
  /** The configuration with the integrations of all files in one list. */
  readonly value: unknown;
  readonly faults: readonly (Finding & { readonly origin: Origin })[];
  /** Where the part of the joined data at this path was written. */
  readonly originOf: (path: readonly PropertyKey[]) => Origin;
}

interface Item {
  readonly origin: Origin;
  /** What the file says for all of its integrations, and this one does not say itself. */
  readonly inherited: readonly string[];
}

/** Joins the integrations of the files to those of the configuration, each with what its file says for all of them. Never throws. */
export function joinFleets(main: YamlSource, value: unknown, files: readonly FleetFile[]): Joined {
  const whole: Origin = { source: main, path: [] };
  const isList = isMapping(value) && (value['integrations'] === undefined || Array.isArray(value['integrations']));
  if (files.length === 0 || !isList) {
    return { value, faults: [], originOf: (path) => ({ ...whole, path }) };
  }
  const own = Array.isArray(value['integrations']) ? (value['integrations'] as unknown[]) : [];
  const read = files.map((file) => integrationsOf(file));
  const items: Item[] = [
    ...own.map((_, i): Item => ({ origin: { source: main, path: ['integrations', i] }, inherited: [] })),
    ...read.flatMap((one) => one.items),
  ];
  return {
    value: { ...value, integrations: [...own, ...read.flatMap((one) => one.values)] },
    faults: read.flatMap((one) => one.faults),
    originOf(path) {
      const [key, index, ...rest] = path;
      const item = key === 'integrations' && typeof index === 'number' ? items[index] : undefined;
      if (item === undefined) return { ...whole, path };
      const isInherited = typeof rest[0] === 'string' && item.inherited.includes(rest[0]);
      return { ...item.origin, path: isInherited ? rest : [...item.origin.path, ...rest] };
    },
  };
}

function integrationsOf({ name, text }: FleetFile) {
  const source = readYaml(text);
  const at = (path: readonly PropertyKey[]): Origin => ({ file: name, source, path });
  const faults = source.faults.map(({ message, line, column }) => ({
    path: [],
    message,
    origin: placed(at([]), line, column),
  }));
  const data = source.data?.value;
  if (source.data === undefined) return { values: [], items: [], faults };
  const list = isMapping(data) ? data['integrations'] : undefined;
  if (!isMapping(data) || !Array.isArray(list)) {
    const message = 'expected a mapping with integrations, a list as in the configuration itself';
    return { values: [], items: [], faults: [...faults, { path: [], message, origin: at([]) }] };
  }
  const strangers = Object.keys(data).filter((key) => !KNOWN.includes(key));
  const shared = Object.entries(data).filter(([key]) => FOR_ALL_OR_ONE.includes(key));
  return {
    values: list.map((item: unknown) => (isMapping(item) ? { ...Object.fromEntries(shared), ...item } : item)),
    items: list.map((item: unknown, i): Item => ({
      origin: at(['integrations', i]),
      inherited: shared.map(([key]) => key).filter((key) => !isMapping(item) || !(key in item)),
    })),
    faults: [
      ...faults,
      ...strangers.map((key) => ({
        path: [key],
        message: `stands in the configuration itself; here are known ${KNOWN.join(', ')}`,
        origin: at([key]),
      })),
    ],
  };
}

/** An origin that knows its place already. */
function placed(origin: Origin, line: number, column: number): Origin {
  return { ...origin, source: { ...origin.source, locate: (path) => ({ line, column, path }) } };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
