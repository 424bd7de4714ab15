import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { grantFor } from '../shared/access';
import { access, ConfigurationError } from '../shared/monitor';
import { problem } from './problem';

/** The level at which the host asks for a key: where the settings cannot be read, it does. */
export const AUTH_LEVEL = isKeyWanted() ? 'function' : 'anonymous';

function isKeyWanted(): boolean {
  try {
    return access().mode === 'function-key';
  } catch {
    // Told to whoever asks; see below.
    return true;
  }
}

/** Answers those who may ask, each with what they may see. What goes wrong becomes an answer that says what to do. Never rejects. */
export async function guarded(
  request: HttpRequest,
  context: InvocationContext,
  what: string,
  answer: (shown: 'details' | 'summary') => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  try {
    const grant = grantFor(access(), request.headers.get('x-ms-client-principal-id'));
    if (grant.shown === 'refused') return problem(grant.status, grant.why);
    return await answer(grant.shown);
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

/** The same, for what is shown to those who see details only; others get the refusal. Never rejects. */
export function guardedDetails(
  request: HttpRequest,
  context: InvocationContext,
  what: string,
  { refusal, answer }: { readonly refusal: string; readonly answer: () => Promise<HttpResponseInit> },
): Promise<HttpResponseInit> {
  return guarded(request, context, what, async (shown) => (shown === 'details' ? answer() : problem(403, refusal)));
}
