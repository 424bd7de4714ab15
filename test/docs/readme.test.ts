import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { causesTable } from '../../local/docs/causes-table';
import { replaceGenerated } from '../../local/docs/generated';
import { cloudsTable } from '../../local/docs/clouds-table';
import { costTable, monthlyCost } from '../../local/docs/cost-table';
import { permissionsTable } from '../../local/docs/permissions-table';

const read = (page: string) => readFileSync(join(__dirname, '../..', page), 'utf8');
const README = read('README.md');

it.each([
  ['causes', causesTable],
  ['permissions', permissionsTable],
])('the README has the %s as the catalogue has them; when it does not: npm run docs', (name, table) => {
  expect(README).toBe(replaceGenerated(README, name, table()));
});

it.each([
  ['docs/cost.md', 'cost', costTable],
  ['docs/national-clouds.md', 'clouds', cloudsTable],
])('%s has its table as the code has it; when it does not: npm run docs', (page, name, table) => {
  expect(read(page)).toBe(replaceGenerated(read(page), name, table()));
});

it('the cost of a month is what its parts are', () => {
  // 8,640 runs; 10,000 mailboxes take 1 s to plan and 455 s to check on 0.5 GB, and 60,000 other executions a second each.
  const { gbSeconds, executions, tableOperations, all } = monthlyCost(10_000);
  expect(gbSeconds).toBeCloseTo(8640 * (1 + 10_000 / 22) * 0.5 + 30_000, 0);
  expect(executions).toBe(8640 * 1001 + 60_000);
  expect(tableOperations).toBe(181_440_000);
  expect(all).toBeGreaterThan(monthlyCost(1000).all);
});

it.each(['README.md', ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)])(
  '%s leads to files that exist',
  (page) => {
    const targets = [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    for (const target of targets) expect([target, existsSync(join(dirname(page), target))]).toEqual([target, true]);
  },
);
