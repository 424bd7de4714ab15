import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

const root = join(__dirname, '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockEntry>;
};

/** Whether a package in this folder finds the name as Node does: in its own node_modules, then in those above. */
function finds(folder: string, name: string): boolean {
  if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in lock.packages) return true;
  if (folder === '') return false;
  return finds(folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/'))), name);
}

describe('the lock file', () => {
  const entries = Object.entries(lock.packages).filter(([, { link }]) => link !== true);

  it('has no holes: npm install passes with a missing optional package, npm ci does not', () => {
    const holes = entries.flatMap(([folder, { version, dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !finds(folder, name))
        .map((name) => `${folder}@${version ?? ''} needs ${name}`),
    );
    expect(entries.length).toBeGreaterThan(500);
    expect(holes).toEqual([]);
  });

  it('names no registry', () => {
    expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });
});
