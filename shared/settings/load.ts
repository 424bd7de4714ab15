import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import { fileErrorCode } from './file-error';
import type { FleetFile } from './fleet-files';
import { parseSource, type ConfigurationProblem, type ParsedConfiguration } from './parse';
import { readYaml } from './yaml-source';

export type { ConfigurationProblem } from './parse';

/** About 50,000 mailboxes. */
const MAX_BYTES = 4 * 2 ** 20;
const Mains = z.object({ integrationFiles: z.array(z.string()).catch([]).default([]) }).catch({ integrationFiles: [] });
const IS_FLEET = /\.(?:ya?ml|json)$/i;

/** With what was read for it: another `stamp` of these files and folders means that something has changed. */
export type LoadedConfiguration = ParsedConfiguration & { readonly read: readonly string[]; readonly stamp: string };

/**
 * Reads and parses the configuration and the files of integrations that it names. A file that cannot be read is a problem like any other;
 * nothing is thrown.
 */
export async function loadConfiguration(
  path: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<LoadedConfiguration> {
  const before = await stampOf([path]);
  const main = await textOf(path);
  if (typeof main !== 'string') return { ok: false, problems: [problemOf(main)], read: [path], stamp: before };
  const source = readYaml(main);
  const named = Mains.parse(source.data?.value).integrationFiles;
  const found = await Promise.all(named.map((one) => filesIn(one, dirname(path))));
  const paths = found.flatMap((one) => one.paths);
  const read = [path, ...named.map((one) => join(dirname(path), one)), ...paths.map((one) => join(dirname(path), one))];
  // Before they are read: what changes while they are is read again.
  const stamp = await stampOf(read);
  const texts = await Promise.all(paths.map(async (name) => ({ name, text: await textOf(join(dirname(path), name)) })));
  const unread = [
    ...found.flatMap((one) => one.problem ?? []),
    ...texts.flatMap(({ name, text }) => (typeof text === 'string' ? [] : [{ ...problemOf(text), file: name }])),
  ];
  const files = texts.flatMap(({ name, text }): FleetFile[] => (typeof text === 'string' ? [{ name, text }] : []));
  const parsed = parseSource(source, environment, files);
  const all = [...unread, ...(parsed.ok ? [] : parsed.problems)];
  return { ...(all.length === 0 ? parsed : { ok: false, problems: all }), read, stamp };
}

/** When each was last written; what cannot be found counts as never. Never rejects. */
export async function stampOf(paths: readonly string[]): Promise<string> {
  const times = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return times.join();
}

/** A file itself, or the files of a folder in the order of their names. */
async function filesIn(
  name: string,
  folder: string,
): Promise<{ paths: readonly string[]; problem?: ConfigurationProblem }> {
  try {
    const path = join(folder, name);
    if (!(await stat(path)).isDirectory()) return { paths: [name] };
    const paths = (await readdir(path)).filter((one) => IS_FLEET.test(one)).toSorted();
    if (paths.length > 0) return { paths: paths.map((one) => join(name, one)) };
    return { paths: [], problem: filesProblem(`${name} holds no .yaml, .yml or .json file`) };
  } catch (error) {
    return { paths: [], problem: filesProblem(`${name} cannot be read (${fileErrorCode(error)})`) };
  }
}

function filesProblem(found: string): ConfigurationProblem {
  const message = `${found}; expected a file, or a folder with files, beside the configuration`;
  return { path: 'integrationFiles', line: 1, column: 1, message };
}

interface Unreadable {
  readonly why: string;
}

async function textOf(path: string): Promise<string | Unreadable> {
  try {
    // `end` is included: one byte too many is read, and no more.
    const bytes = await buffer(createReadStream(path, { end: MAX_BYTES }));
    if (bytes.length > MAX_BYTES) return { why: `${path} is larger than ${MAX_BYTES / 2 ** 20} MiB` };
    if (!isUtf8(bytes)) return { why: `${path} is not UTF-8; save it in that encoding` };
    return new TextDecoder().decode(bytes);
  } catch (error) {
    return { why: `${path} cannot be read (${fileErrorCode(error)})` };
  }
}

function problemOf({ why }: Unreadable): ConfigurationProblem {
  const message = `${why}; expected a YAML or JSON file, at the path that the setting MAILBOX_WATCH_CONFIG names`;
  return { path: '(file)', line: 1, column: 1, message };
}
