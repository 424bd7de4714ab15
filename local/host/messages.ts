import type { LogLevel } from './programming-model';

/** A function that the host runs. */
export type HostFunction = { readonly name: string } &
  /** The route has its prefix, such as `api/status/{integration?}`. */
  (
    | { readonly trigger: 'http'; readonly methods: readonly string[]; readonly route: string }
    | { readonly trigger: 'timer'; readonly schedule: string }
    | { readonly trigger: 'queue'; readonly queue: string }
  );

export interface InvocationEvent {
  readonly name: string;
  readonly id: string;
  readonly state: 'started' | 'succeeded' | 'failed';
  /** Milliseconds since it started. */
  readonly ms: number;
  /** The message of what was thrown, only when failed; the stack is in the log. */
  readonly error?: string;
}

export interface LogEntry {
  /** The function that wrote it; without one it is the host's own. */
  readonly name?: string;
  readonly level: LogLevel;
  readonly message: string;
}

/** What the host process tells its parent. */
export type FromHost =
  | { readonly type: 'ready'; readonly address: string; readonly functions: readonly HostFunction[] }
  | ({ readonly type: 'invocation' } & InvocationEvent)
  | ({ readonly type: 'log' } & LogEntry);

/** What a parent may ask of the host process. */
export type ToHost =
  /** Let running invocations finish within this many milliseconds (20,000), then end with exit code 0. */
  | { readonly type: 'drain'; readonly withinMs?: number }
  /** Run a timer or queue function now; a queue function gets an empty message. */
  | { readonly type: 'invoke'; readonly name: string };
