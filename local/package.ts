import { readFileSync, writeFileSync } from 'node:fs';
import { packageZip } from './package/package-zip';

// Writes what is deployed: dist/mailbox-watch-VERSION.zip.
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const path = `dist/mailbox-watch-${version}.zip`;
const zip = packageZip('.');
writeFileSync(path, zip);
console.log(`${path}: ${(zip.length / 2 ** 20).toFixed(1)} MiB`);
