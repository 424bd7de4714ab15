import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationJsonSchema } from './cli/json-schema';
import { sampleConfiguration } from './cli/sample-configuration';
import { causePages } from './docs/cause-pages';
import { causesTable } from './docs/causes-table';
import { cloudsTable } from './docs/clouds-table';
import { costTable } from './docs/cost-table';
import { replaceGenerated } from './docs/generated';
import { openApi } from './docs/openapi';
import { permissionsTable } from './docs/permissions-table';

// Writes the parts of the documentation that come from the catalogue and the configuration's schema.
const README = 'README.md';
const CAUSES = 'docs/causes';
for (const [page, name, table] of [
  ['docs/cost.md', 'cost', costTable()],
  ['docs/national-clouds.md', 'clouds', cloudsTable()],
] as const) {
  writeFileSync(page, replaceGenerated(readFileSync(page, 'utf8'), name, table));
}
const tables = { permissions: permissionsTable(), causes: causesTable() };
const written = Object.entries(tables).reduce(
  (page, [name, table]) => replaceGenerated(page, name, table),
  readFileSync(README, 'utf8'),
);
writeFileSync(README, written);

mkdirSync(CAUSES, { recursive: true });
const pages = causePages();
for (const name of readdirSync(CAUSES)) if (!pages.has(name)) rmSync(join(CAUSES, name));
for (const [name, text] of pages) writeFileSync(join(CAUSES, name), text);

writeFileSync('mailbox-watch.schema.json', `${configurationJsonSchema()}\n`);
writeFileSync('mailbox-watch.sample.yaml', sampleConfiguration());
writeFileSync('openapi.json', `${JSON.stringify(openApi(), undefined, 2)}\n`);
