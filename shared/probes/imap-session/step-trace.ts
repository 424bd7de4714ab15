import { IMAP_STEPS, type ImapFailure, type ImapSession, type ImapStep, type ImapStepName } from '../../core/evidence';

/** A failure; the step is the one that is open. */
export type Failure = Omit<ImapFailure, 'step'>;

/** Longest time a step may take, in milliseconds, whatever is left until the deadline. */
const STEP_LIMIT: Readonly<Record<ImapStepName, number>> = {
  dns: 10_000,
  tcp: 10_000,
  tls: 10_000,
  greeting: 10_000,
  capability: 15_000,
  authenticate: 15_000,
  examine: 15_000,
  logout: 1000,
};

const AWAITED: Readonly<Record<ImapStepName, string>> = {
  dns: 'the name lookup',
  tcp: 'the TCP connection',
  tls: 'the TLS handshake',
  greeting: 'the greeting',
  capability: 'CAPABILITY',
  authenticate: 'AUTHENTICATE',
  examine: 'EXAMINE',
  logout: 'LOGOUT',
};

/**
 * Follows one login through IMAP_STEPS, one open step at a time, and ends it at its first failure or at its limit.
 * After the end it takes no more: what comes then is a consequence.
 */
export interface StepTrace {
  /** The step that is open; after the end the one that was. */
  step(): ImapStepName;
  /** Ends the open step well and opens the one after it. Any other step is ignored: it was reached before. */
  reach(step: ImapStepName): void;
  /** What the open step is waiting for, should its time run out. */
  waitFor(what: string): void;
  /** What the open step learnt. */
  say(text: string): void;
  /** The server's last words; shown where the open step learnt nothing better. */
  hear(text: string): void;
  /** Ends the login. */
  fail(failure: Failure): void;
  /** Ends the login well. */
  done(): void;
  /** Resolves at the end; never rejects. */
  readonly ended: Promise<void>;
  /** Stops the clock; needed where an unknown error leaves the login without an end. */
  stop(): void;
  /** Every step, the failure if INBOX was not opened, and the milliseconds until the end. */
  report(): Pick<ImapSession, 'steps' | 'failure' | 'ms'>;
}

interface OpenStep {
  readonly name: ImapStepName;
  readonly startedAt: number;
  awaited: string;
  said?: string;
  heard?: string;
}

/** Starts the clock. `clean` is applied to every text that is reported. */
export function traceSteps(deadlineMs: number, clean: (text: string) => string): StepTrace {
  const startedAt = performance.now();
  const passed: ImapStep[] = [];
  let announceEnd!: () => void;
  const ended = new Promise<void>((resolve) => (announceEnd = resolve));
  let open = openStep('dns', startedAt);
  let timer = setTimeout(runOut, Math.min(STEP_LIMIT.dns, deadlineMs));
  let end: { readonly at: number; readonly failure?: ImapFailure } | undefined;

  function runOut() {
    const ms = Math.round(performance.now() - open.startedAt);
    fail({ kind: 'deadline', text: `No answer within ${ms} ms while waiting for ${open.awaited}.` });
  }

  function fail({ text, ...rest }: Failure) {
    finish({ step: open.name, ...rest, text: clean(text) });
  }

  function finish(failure?: ImapFailure) {
    if (end !== undefined) return;
    end = { at: performance.now(), ...(failure !== undefined && { failure }) };
    clearTimeout(timer);
    announceEnd();
  }

  function closeStep(outcome: 'ok' | 'failed', at: number): ImapStep {
    const said = open.said ?? open.heard ?? end?.failure?.text;
    const ms = Math.round(at - open.startedAt);
    return { name: open.name, outcome, ms, ...(said !== undefined && { said: clean(said) }) };
  }

  return {
    ended,
    fail,
    step: () => open.name,
    waitFor(what) {
      if (end === undefined) open.awaited = what;
    },
    say(text) {
      if (end === undefined) open.said = text;
    },
    hear(text) {
      if (end === undefined) open.heard = text;
    },
    done: () => {
      finish();
    },
    stop: () => {
      clearTimeout(timer);
    },
    reach(step) {
      if (end !== undefined || step !== IMAP_STEPS[passed.length + 1]) return;
      const now = performance.now();
      passed.push(closeStep('ok', now));
      open = openStep(step, now);
      clearTimeout(timer);
      timer = setTimeout(runOut, Math.min(STEP_LIMIT[step], startedAt + deadlineMs - now));
    },
    report() {
      const { at = performance.now(), failure } = end ?? {};
      const last = closeStep(end !== undefined && failure === undefined ? 'ok' : 'failed', at);
      return {
        steps: IMAP_STEPS.map((name) => [...passed, last].find((s) => s.name === name) ?? { name, outcome: 'not-run' }),
        // INBOX was opened: a LOGOUT that goes wrong harms nobody.
        ...(failure !== undefined && failure.step !== 'logout' && { failure }),
        ms: Math.round(at - startedAt),
      };
    },
  };
}

function openStep(name: ImapStepName, startedAt: number): OpenStep {
  return { name, startedAt, awaited: AWAITED[name] };
}
