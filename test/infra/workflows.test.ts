import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

const ROOT = resolve(__dirname, '../..');
const FOLDER = join(ROOT, '.github/workflows');

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { 'timeout-minutes'?: number; steps: { run?: string; uses?: string }[] }>>;
}

const workflows = readdirSync(FOLDER).map((name): [string, Workflow, string] => {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  return [name, parse(text) as Workflow, text];
});

describe.each(workflows)('%s', (_, { permissions, jobs }, text) => {
  it('says what it may do, and no job runs for ever', () => {
    expect(Object.keys(permissions)).toContain('contents');
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(30);
  });

  it('signs in without a secret', () => {
    expect(text).not.toMatch(/\bsecrets\./);
  });

  it('runs npm scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const [, script = ''] of text.matchAll(/npm run ([\w-]+)/g)) expect(scripts).toHaveProperty(script);
  });
});
