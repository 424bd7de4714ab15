import type { ImapStepName, MailFailure, MailSession, MailStep } from '../../core/evidence';

/** A failure; the step is the one that is open. */
export type Failure = Omit<MailFailure<never>, 'step'>;

interface PlannedStep {
  /** Longest time the step may take, in milliseconds, whatever is left until the deadline. */
  readonly limitMs: number;
  /** What the step waits for. */
  readonly awaited: string;
}

/** What a protocol's login goes through. */
export interface StepPlan<StepName extends string> {
  /** In order; after the last one but one the mailbox is known to open. */
  readonly steps: readonly [StepName, ...StepName[]];
  readonly each: Readonly<Record<StepName, PlannedStep>>;
}

/** The steps that every login begins with. */
export const CONNECTION_STEPS = {
  dns: { limitMs: 10_000, awaited: 'the name lookup' },
  tcp: { limitMs: 10_000, awaited: 'the TCP connection' },
  tls: { limitMs: 10_000, awaited: 'the TLS handshake' },
  greeting: { limitMs: 10_000, awaited: 'the greeting' },
};
export type ConnectionStep = keyof typeof CONNECTION_STEPS;

/**
 * Follows one login through its steps, one open step at a time, and ends it at its first failure or at its limit.
 * After the end it takes no more: what comes then is a consequence.
 */
export interface StepTrace<StepName extends string = ImapStepName> {
  /** The step that is open; after the end the one that was. */
  step(): StepName;
  /** Ends the open step well and opens the one after it. Any other step is ignored: it was reached before. */
  reach(step: StepName): void;
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
  /** Every step, the failure if the mailbox was not opened, and the milliseconds until the end. */
  report(): Pick<MailSession<StepName>, 'steps' | 'failure' | 'ms'>;
}

interface OpenStep<StepName> {
  readonly name: StepName;
  readonly startedAt: number;
  awaited: string;
  said?: string;
  heard?: string;
}

/** Starts the clock. `clean` is applied to every text that is reported. */
export function traceSteps<StepName extends string>(
  { steps, each }: StepPlan<StepName>,
  deadlineMs: number,
  clean: (text: string) => string,
): StepTrace<StepName> {
  const startedAt = performance.now();
  const passed: MailStep<StepName>[] = [];
  let announceEnd!: () => void;
  const ended = new Promise<void>((resolve) => (announceEnd = resolve));
  let open = openStep(steps[0], startedAt);
  let timer = setTimeout(runOut, Math.min(each[steps[0]].limitMs, deadlineMs));
  let end: { readonly at: number; readonly failure?: MailFailure<StepName> } | undefined;

  function openStep(name: StepName, at: number): OpenStep<StepName> {
    return { name, startedAt: at, awaited: each[name].awaited };
  }

  function runOut() {
    const ms = Math.round(performance.now() - open.startedAt);
    fail({ kind: 'deadline', text: `No answer within ${ms} ms while waiting for ${open.awaited}.` });
  }

  function fail({ text, ...rest }: Failure) {
    finish({ step: open.name, ...rest, text: clean(text) });
  }

  function finish(failure?: MailFailure<StepName>) {
    if (end !== undefined) return;
    end = { at: performance.now(), ...(failure !== undefined && { failure }) };
    clearTimeout(timer);
    announceEnd();
  }

  function closeStep(outcome: 'ok' | 'failed', at: number): MailStep<StepName> {
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
      if (end !== undefined || step !== steps[passed.length + 1]) return;
      const now = performance.now();
      passed.push(closeStep('ok', now));
      open = openStep(step, now);
      clearTimeout(timer);
      timer = setTimeout(runOut, Math.min(each[step].limitMs, startedAt + deadlineMs - now));
    },
    report() {
      const { at = performance.now(), failure } = end ?? {};
      const last = closeStep(end !== undefined && failure === undefined ? 'ok' : 'failed', at);
      return {
        steps: steps.map((name) => [...passed, last].find((s) => s.name === name) ?? { name, outcome: 'not-run' }),
        // The mailbox was opened: a LOGOUT or QUIT that goes wrong harms nobody.
        ...(failure !== undefined && failure.step !== steps.at(-1) && { failure }),
        ms: Math.round(at - startedAt),
      };
    },
  };
}
