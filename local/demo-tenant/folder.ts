import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Files of the demo's folder, for nobody but the owner (mode 0600). */
export interface Folder {
  path(name: string): string;
  /** Writes the files that differ from what was last written here; those that others rewrote since stay. */
  publish(files: readonly (readonly [name: string, content: string])[]): Promise<void>;
}

export function openFolder(folder: string): Folder {
  const written = new Map<string, string>();
  let lastWrite = Promise.resolve();

  const write = async (files: readonly (readonly [string, string])[]) => {
    const changed = files.filter(([name, content]) => written.get(name) !== content);
    for (const [name, content] of changed) {
      await replaceFile(join(folder, name), content);
      written.set(name, content);
    }
  };

  return {
    path: (name) => join(folder, name),
    publish: (files) => {
      // One after the other, or the older contents may come last.
      const writing = lastWrite.then(() => write(files));
      lastWrite = writing.catch(() => undefined);
      return writing;
    },
  };
}

/** Whoever reads meanwhile sees the old file or the new one, whole. */
async function replaceFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, path);
}
