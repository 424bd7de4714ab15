import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { packageZip } from '../local/package/package-zip';

const ROOT = resolve(__dirname, '..');
const files = unzipSync(packageZip(ROOT));

it('holds the app and nothing else', () => {
  expect(Object.keys(files).toSorted()).toEqual(['dist/main.js', 'dist/telemetry.js', 'host.json', 'package.json']);
  expect(JSON.parse(strFromU8(files['package.json'] ?? new Uint8Array()))).toEqual({
    name: 'mailbox-watch',
    version: expect.any(String) as string,
    description: expect.any(String) as string,
    license: 'MIT',
    main: 'dist/main.js',
    engines: { node: expect.any(String) as string },
  });
});

it('is the same file from the same content', () => {
  expect(Buffer.from(packageZip(ROOT)).equals(Buffer.from(packageZip(ROOT)))).toBe(true);
});

it('loads in an empty folder, without node_modules, and registers every function', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-watch-package-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    // The host offers @azure/functions-core under this name; the local host's own stands for it.
    const core = resolve(ROOT, 'local/host/functions-core.cjs');
    const script = `
      const { registerHooks } = require('node:module');
      const url = require('node:url').pathToFileURL(${JSON.stringify(core)}).href;
      registerHooks({ resolve: (name, context, next) =>
        name === '@azure/functions-core' ? { url, format: 'commonjs', shortCircuit: true } : next(name, context) });
      const before = performance.now();
      require('./dist/main.js');
      const ms = performance.now() - before;
      const { createTelemetry } = require('./dist/telemetry.js');
      if (typeof createTelemetry !== 'function') throw new Error('there is no telemetry');
      console.log(JSON.stringify({ names: [...require(${JSON.stringify(core)}).functions.keys()].sort(), ms }));`;
    const said = execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });
    const { names, ms } = JSON.parse(said.trim().split('\n').at(-1) ?? '') as { names: string[]; ms: number };
    expect(names).toEqual([...registeredHere()].toSorted());
    process.stderr.write(`The package loads in ${Math.round(ms)} ms.\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What the sources register, so that the bundle is compared with them. */
function registeredHere(): Iterable<string> {
  jest.requireActual('../functions/main');
  return jest.requireActual<{ functions: ReadonlyMap<string, unknown> }>('@azure/functions-core').functions.keys();
}
