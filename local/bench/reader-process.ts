import { createRequire, registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HttpRequest, InvocationContext, type HttpResponseInit } from '@azure/functions';

/** What the reader is sent: an address behind /api/. */
export type ToReader = string;

export interface FromReader {
  readonly ms: number;
  readonly bytes: number;
  readonly status: number;
  /** The most memory that the process has had so far. */
  readonly peakRssMiB: number;
}

type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

/** One instance of the deployed bundle, which answers as the Functions host asks it. */
function main(): void {
  const load = createRequire(resolve('package.json'));
  const core = resolve('local/host/functions-core.cjs');
  const url = pathToFileURL(core).href;
  registerHooks({
    resolve: (name, context, next) =>
      name === '@azure/functions-core' ? { url, format: 'commonjs', shortCircuit: true } : next(name, context),
  });
  load(resolve('dist/main.js'));
  const { functions } = load(core) as { functions: ReadonlyMap<string, { readonly callback: Handler }> };
  process.on('message', (path: ToReader) => void answer(path, functions.get('status')?.callback));
  process.send?.('ready');
}

async function answer(path: string, handler: Handler | undefined): Promise<void> {
  const url = new URL(`http://127.0.0.1/api/${path}`);
  const request = new HttpRequest({ method: 'GET', url: url.href, query: Object.fromEntries(url.searchParams) });
  const context = new InvocationContext({ functionName: 'status', logHandler: () => undefined });
  const startedAt = performance.now();
  const said = await handler?.(request, context);
  const ms = performance.now() - startedAt;
  const bytes = typeof said?.body === 'string' ? Buffer.byteLength(said.body) : 0;
  const peakRssMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  process.send?.({ ms, bytes, status: said?.status ?? 0, peakRssMiB } satisfies FromReader);
}

main();
