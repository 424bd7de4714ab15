import { readFileSync, writeFileSync } from 'node:fs';
import { causesTable } from './docs/causes-table';
import { replaceGenerated } from './docs/generated';

// Writes the parts of the documentation that come from the catalogue.
const README = 'README.md';
writeFileSync(README, replaceGenerated(readFileSync(README, 'utf8'), 'causes', causesTable()));
