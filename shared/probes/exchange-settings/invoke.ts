import { setTimeout as pause } from 'node:timers/promises';
import { retryAfterMs } from '../retry-after';
import { headersOf, send, type AdminSession } from './admin-session';
import { isTransient, partsOf, type Answer } from './answer';
import type { Cmdlet } from './cmdlet';

export interface InvokeOptions {
  /** Milliseconds before the second attempt where Exchange names none; before the third twice that. */
  readonly backOffMs: number;
}

/** Runs cmdlets, and gives what finds the answer to each. Rejects where there is no connection or no time left. */
export type InvokeAll = (session: AdminSession, cmdlets: readonly Cmdlet[]) => Promise<(of: Cmdlet) => Answer>;

type Answers = ReadonlyMap<Cmdlet, Answer>;

const MAX_ATTEMPTS = 3;
/** A batch is refused as such: this service has none. */
const NO_BATCH = [400, 404, 405];
const NO_ANSWER: Answer = { status: 200, body: undefined };

/**
 * Makes what runs cmdlets, at most 10 together in one $batch request. Where Exchange turns out to know no $batch, they go one by one
 * from then on. What is throttled or fails in the service is asked again, three times in all, while the time allows.
 */
export function createInvoke({ backOffMs }: InvokeOptions): InvokeAll {
  const withoutBatch = new Set<string>();

  const sendAll = async (session: AdminSession, cmdlets: readonly Cmdlet[]): Promise<Answers> => {
    const api = apiOf(session);
    if (cmdlets.length > 1 && !withoutBatch.has(api)) {
      const answer = await send(session, `${api}/$batch`, { body: { requests: cmdlets.map(partFor(session)) } });
      if (answer.status === 200) {
        const parts = partsOf(answer);
        return new Map(cmdlets.map((cmdlet, index) => [cmdlet, parts.get(idOf(index)) ?? NO_ANSWER]));
      }
      if (!NO_BATCH.includes(answer.status)) return new Map(cmdlets.map((cmdlet) => [cmdlet, answer]));
      withoutBatch.add(api);
    }
    const sendOne = async (cmdlet: Cmdlet) =>
      [cmdlet, await send(session, urlOf(session, cmdlet), { body: inputOf(cmdlet) })] as const;
    return new Map(await Promise.all(cmdlets.map(sendOne)));
  };

  return async (session, cmdlets) => {
    let answers = await sendAll(session, cmdlets);
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      const again = [...answers].filter(([, answer]) => isTransient(answer));
      const wait = Math.max(0, ...again.map(([, answer]) => waitFor(answer, backOffMs * 2 ** (attempt - 1))));
      if (again.length === 0 || Date.now() + wait >= session.deadline) break;
      await pause(wait, undefined, { signal: session.signal });
      answers = new Map([
        ...answers,
        ...(await sendAll(
          session,
          again.map(([cmdlet]) => cmdlet),
        )),
      ]);
    }
    return (cmdlet) => answers.get(cmdlet) ?? NO_ANSWER;
  };
}

function waitFor({ retryAfter }: Answer, backOffMs: number): number {
  return retryAfter === undefined ? backOffMs : retryAfterMs(retryAfter, Date.now());
}

/** Under v1.0 the same path answers 405. */
function apiOf({ endpoint, tenantId }: AdminSession): string {
  return `${endpoint}/adminapi/beta/${encodeURIComponent(tenantId)}`;
}

function urlOf(session: AdminSession, { select }: Cmdlet): string {
  const query = select === undefined ? '' : `?$select=${select.join(',')}`;
  return `${apiOf(session)}/InvokeCommand${query}`;
}

function inputOf({ name, parameters }: Cmdlet) {
  return { CmdletInput: { CmdletName: name, Parameters: parameters } };
}

/** A part as CIPP sends it, the one known to work: a whole address, and all headers. */
function partFor(session: AdminSession) {
  return (cmdlet: Cmdlet, index: number) => ({
    id: idOf(index),
    method: 'POST',
    url: urlOf(session, cmdlet),
    headers: { ...headersOf(session), 'X-CmdletName': cmdlet.name },
    body: inputOf(cmdlet),
  });
}

function idOf(index: number): string {
  return String(index + 1);
}
