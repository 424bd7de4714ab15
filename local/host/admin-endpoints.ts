import { z } from 'zod';
import type { Answer, Endpoint } from './http-server';
import type { InvocationResult } from './invocation';
import type { HostFunction } from './messages';
import { parseRoute } from './route-template';

const BODY = z.object({ input: z.string().default('') });

/**
 * The runtime's own endpoints, as far as they are used by hand: `GET /admin/functions` lists the functions,
 * `POST /admin/functions/<name>` with `{"input": "..."}` or nothing runs one that has no HTTP trigger.
 */
export function adminEndpoints(
  functions: readonly HostFunction[],
  /** By function name. */
  runs: ReadonlyMap<string, (input: string) => Promise<InvocationResult>>,
): Endpoint[] {
  return [
    {
      path: parseRoute('admin/functions'),
      methods: ['GET'],
      answer: async () => json(200, functions),
    },
    {
      path: parseRoute('admin/functions/{name}'),
      methods: ['POST'],
      async answer({ params, body }) {
        const { name = '' } = params;
        const run = runs.get(name);
        if (run === undefined) return json(404, { error: `There is no function "${name}" without HTTP trigger` });
        const input = inputOf(body.toString());
        if (input === undefined) return json(400, { error: 'Expected a body such as {"input": "text"}' });
        // Accepted: how it ends is in the log.
        void run(input);
        return { status: 202 };
      },
    },
  ];
}

/** Undefined when the body is neither empty nor of the expected shape. */
function inputOf(body: string): string | undefined {
  try {
    return BODY.parse(body === '' ? {} : JSON.parse(body)).input;
  } catch {
    return undefined;
  }
}

function json(status: number, value: unknown): Answer {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) };
}
