import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causesTable } from '../../local/docs/causes-table';
import { replaceGenerated } from '../../local/docs/generated';

it('the README lists every cause of the catalogue; when it does not: npm run docs', () => {
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
  expect(readme).toBe(replaceGenerated(readme, 'causes', causesTable()));
});
