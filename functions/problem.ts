import type { HttpResponseInit, InvocationContext } from '@azure/functions';
import { ConfigurationError } from '../shared/monitor';

/** An error answer after RFC 9457. */
export function problem(status: number, title: string, more: object = {}): HttpResponseInit {
  return {
    status,
    jsonBody: { title, status, ...more },
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', Vary: 'Accept' },
  };
}

/** Runs a handler; what it throws becomes an answer that says what to do. Never rejects. */
export async function orProblem(
  context: InvocationContext,
  what: string,
  answer: () => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return problem(503, 'The configuration is not valid', { file: error.file, problems: error.problems });
    }
    // Storage errors say what to do and hold no secret; see the store.
    const detail = error instanceof Error ? error.message : 'unknown failure';
    context.error(`${what}: ${detail}`);
    return problem(503, `The ${what} cannot be read`, { detail });
  }
}
