import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { fileErrorCode } from './file-error';
import { parseConfiguration, type ParsedConfiguration } from './parse';

export type { ConfigurationProblem } from './parse';

/** About 50,000 mailboxes. */
const MAX_BYTES = 4 * 2 ** 20;

/** Reads and parses the file. A file that cannot be read is a problem of it like any other; nothing is thrown. */
export async function loadConfiguration(
  path: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<ParsedConfiguration> {
  let text: string;
  try {
    // `end` is included: one byte too many is read, and no more.
    const bytes = await buffer(createReadStream(path, { end: MAX_BYTES }));
    if (bytes.length > MAX_BYTES) return unreadable(`${path} is larger than ${MAX_BYTES / 2 ** 20} MiB`);
    if (!isUtf8(bytes)) return unreadable(`${path} is not UTF-8; save it in that encoding`);
    text = new TextDecoder().decode(bytes);
  } catch (error) {
    return unreadable(`${path} cannot be read (${fileErrorCode(error)})`);
  }
  return parseConfiguration(text, environment);
}

function unreadable(found: string): ParsedConfiguration {
  const message = `${found}; expected a YAML or JSON file, at the path that the setting MAILBOX_WATCH_CONFIG names`;
  return { ok: false, problems: [{ path: '(file)', line: 1, column: 1, message }] };
}
