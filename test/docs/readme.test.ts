import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causesTable } from '../../local/docs/causes-table';
import { replaceGenerated } from '../../local/docs/generated';
import { permissionsTable } from '../../local/docs/permissions-table';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');

it.each([
  ['causes', causesTable],
  ['permissions', permissionsTable],
])('the README has the %s as the catalogue has them; when it does not: npm run docs', (name, table) => {
  expect(README).toBe(replaceGenerated(README, name, table()));
});
