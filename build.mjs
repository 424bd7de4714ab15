// Builds what is deployed (dist/main.js) and what runs on one's own machine (dist/local/*.cjs).
if (Number(process.versions.node.split('.')[0]) < 22) {
  throw new Error('Node is too old: run npm ci with install scripts allowed, then npm run build');
}
const { build } = await import('esbuild');

const common = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  sourcemap: true,
  logLevel: 'warning',
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
};

/** Application Insights' SDK is large: a file of its own, loaded where it is used. */
const apart = telemetryIn('./telemetry.js');
const elsewhere = telemetryIn('../telemetry.js');

function telemetryIn(path) {
  return {
    name: 'telemetry',
    setup: ({ onResolve }) =>
      onResolve({ filter: /\/telemetry\/application-insights$/ }, () => ({ path, external: true })),
  };
}

await Promise.all([
  build({
    ...common,
    entryPoints: ['functions/main.ts'],
    outfile: 'dist/main.js',
    minify: true,
    // The Functions host offers this name to the app; nothing else is left outside.
    external: ['@azure/functions-core'],
    plugins: [apart],
  }),
  build({
    ...common,
    entryPoints: ['shared/telemetry/application-insights.ts'],
    outfile: 'dist/telemetry.js',
    minify: true,
  }),
  build({
    ...common,
    entryPoints: ['local/cli.ts'],
    outfile: 'dist/local/cli.cjs',
    minify: true,
    banner: { js: '#!/usr/bin/env node' },
    external: ['@azure/functions-core'],
    plugins: [elsewhere],
  }),
  build({
    ...common,
    entryPoints: {
      start: 'local/start.ts',
      host: 'local/host/main.ts',
      docs: 'local/docs.ts',
      package: 'local/package.ts',
      bench: 'local/bench.ts',
      screenshots: 'local/screenshots.ts',
      'bench-tenant': 'local/bench/tenant-process.ts',
      'bench-checker': 'local/bench/checker-process.ts',
      'bench-reader': 'local/bench/reader-process.ts',
    },
    outdir: 'dist/local',
    outExtension: { '.js': '.cjs' },
    packages: 'external',
  }),
]);

const { chmod } = await import('node:fs/promises');
await chmod('dist/local/cli.cjs', 0o755);
