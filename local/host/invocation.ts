import { randomBytes, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { App } from './app';
import type { AppFunction } from './app-functions';
import type { InvocationEvent, LogEntry } from './messages';
import type { CoreInvocation, InvocationResponse, TypedData } from './programming-model';

/** What sets a function off: the trigger's data, and what else is known of it. */
export interface TriggerInput {
  readonly data: TypedData;
  readonly metadata?: Readonly<Record<string, TypedData>>;
}

export type InvocationResult =
  { readonly succeeded: true; readonly response: InvocationResponse } | { readonly succeeded: false };

export interface RunningInvocation {
  readonly name: string;
  readonly id: string;
  /** Milliseconds since it started. */
  readonly ms: number;
}

export interface Invoker {
  /** Runs a function and delivers what it puts out. Never rejects: a failure is logged, with its stack, and told as an event. */
  readonly invoke: (fn: AppFunction, input: TriggerInput) => Promise<InvocationResult>;
  readonly running: () => readonly RunningInvocation[];
  /** Resolves when nothing runs any more. */
  readonly idle: () => Promise<void>;
}

/** What a postInvocation hook sees and may change. */
interface PostInvocation {
  readonly hookData: object;
  readonly invocationContext: object;
  inputs: unknown[];
  result: unknown;
  error: unknown;
}

/** Runs the app's functions in parallel through the library's programming model, with the app's hooks around them. */
export function createInvoker(host: {
  readonly app: App;
  readonly log: (entry: LogEntry) => void;
  readonly onInvocation: (event: InvocationEvent) => void;
  /** Delivers output bindings; when it rejects the invocation has failed. */
  readonly deliver: (fn: AppFunction, response: InvocationResponse) => Promise<void>;
}): Invoker {
  const started = new Map<string, { name: string; at: number; result: Promise<InvocationResult> }>();

  async function run(fn: AppFunction, id: string, input: TriggerInput): Promise<InvocationResponse> {
    const invocation = coreInvocation(fn, id, input, host.log);
    const model = host.app.model.getInvocationModel(invocation);
    const { context, inputs } = await model.getArguments();
    const shared = { hookData: {}, invocationContext: context };
    // A hook may replace the inputs and the handler, and after the handler its result and its error.
    const before = { ...shared, inputs, functionCallback: fn.callback };
    for (const hook of host.app.hooks('preInvocation')) await hook(before);
    const after: PostInvocation = { ...shared, inputs: before.inputs, result: null, error: null };
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error;
    }
    invocation.state = 'postInvocationHooks';
    for (const hook of host.app.hooks('postInvocation')) await hook(after);
    delete invocation.state;
    if (after.error != null) throw asError(after.error);
    const response = await model.getResponse(context, after.result);
    await host.deliver(fn, response);
    return response;
  }

  async function attempt(fn: AppFunction, id: string, input: TriggerInput): Promise<InvocationResult> {
    const { name } = fn;
    const at = performance.now();
    const ms = () => Math.round(performance.now() - at);
    host.onInvocation({ name, id, state: 'started', ms: 0 });
    try {
      const response = await run(fn, id, input);
      host.onInvocation({ name, id, state: 'succeeded', ms: ms() });
      return { succeeded: true, response };
    } catch (thrown) {
      const error = asError(thrown);
      host.log({ name, level: 'error', message: `failed: ${error.stack ?? error.message}` });
      host.onInvocation({ name, id, state: 'failed', ms: ms(), error: error.message });
      return { succeeded: false };
    }
  }

  return {
    invoke(fn, input) {
      const id = randomUUID();
      const result = attempt(fn, id, input).finally(() => started.delete(id));
      started.set(id, { name: fn.name, at: performance.now(), result });
      return result;
    },
    running: () => [...started].map(([id, { name, at }]) => ({ name, id, ms: Math.round(performance.now() - at) })),
    async idle() {
      while (started.size > 0) await Promise.all([...started.values()].map(({ result }) => result));
    },
  };
}

function coreInvocation(
  { metadata, binding }: AppFunction,
  invocationId: string,
  { data, metadata: triggerMetadata = {} }: TriggerInput,
  log: (entry: LogEntry) => void,
): CoreInvocation {
  return {
    invocationId,
    metadata,
    log: (level, _category, message) => {
      log({ name: metadata.name, level, message });
    },
    request: {
      invocationId,
      inputData: [{ name: binding, data }],
      triggerMetadata,
      traceContext: { traceParent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01` },
    },
  };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
