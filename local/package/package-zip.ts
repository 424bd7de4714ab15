import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';

/** Of package.json, what a Functions app needs: no dependencies, for all of them are in the bundle, and no scripts. */
const KEPT = ['name', 'version', 'description', 'license', 'main', 'engines'];
/** Holds references to secrets, and no secret. */
const CONFIGURATION = 'mailbox-watch.yaml';
/** The same content gives the same file, whenever it is made. */
const MADE = new Date('1980-01-02T00:00:00Z');

/** The zip that Azure Functions runs from: host.json, package.json, the bundle, and the configuration where it lies there. Throws where `npm run build` has not run. */
export function packageZip(folder: string): Uint8Array {
  const all = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const kept = Object.fromEntries(KEPT.map((key) => [key, all[key]]));
  const bundles = readdirSync(join(folder, 'dist')).filter((name) => name.endsWith('.js'));
  if (!bundles.includes('main.js')) throw new Error('There is no dist/main.js: run npm run build first.');
  return zipSync(
    {
      'host.json': readFileSync(join(folder, 'host.json')),
      'package.json': strToU8(`${JSON.stringify(kept, undefined, 2)}\n`),
      ...(existsSync(join(folder, CONFIGURATION)) && { [CONFIGURATION]: readFileSync(join(folder, CONFIGURATION)) }),
      ...Object.fromEntries(bundles.map((name) => [`dist/${name}`, readFileSync(join(folder, 'dist', name))])),
    },
    { mtime: MADE, level: 9 },
  );
}
