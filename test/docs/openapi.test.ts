import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApi } from '../../local/docs/openapi';

const written = readFileSync('openapi.json', 'utf8');

it('openapi.json is what the schemas of the answers make of it: npm run docs writes it', () => {
  expect(written).toBe(`${JSON.stringify(openApi(), undefined, 2)}\n`);
});

/** What an independent reader of OpenAPI says of a document. */
function problemsOf(document: string): unknown {
  const reader = join(__dirname, '../support/openapi-problems.mjs');
  return JSON.parse(execFileSync(process.execPath, [reader], { input: document }).toString());
}

it('is valid OpenAPI 3.1, and the reader is one that finds faults', () => {
  expect(problemsOf(written)).toEqual([]);
  expect(problemsOf(written.replace('"operationId"', '"operation"'))).not.toEqual([]);
});
