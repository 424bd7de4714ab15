import { readFileSync, writeFileSync } from 'node:fs';
import { causesTable } from './docs/causes-table';
import { replaceGenerated } from './docs/generated';
import { permissionsTable } from './docs/permissions-table';

// Writes the parts of the documentation that come from the catalogue.
const README = 'README.md';
const tables = { permissions: permissionsTable(), causes: causesTable() };
const written = Object.entries(tables).reduce(
  (page, [name, table]) => replaceGenerated(page, name, table),
  readFileSync(README, 'utf8'),
);
writeFileSync(README, written);
