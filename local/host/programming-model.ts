/**
 * What the host and the library `@azure/functions` (4.x) say to each other: the parts of `@azure/functions-core` that are used here.
 * Microsoft ships that package with the runtime only, without types on npm.
 */
export interface FunctionsCore {
  readonly functions: ReadonlyMap<string, Registration>;
  readonly hooks: ReadonlyMap<string, readonly HookCallback[]>;
  /** From then on registrations are refused, as in the runtime. */
  isStarted: boolean;
  /** Where the library writes its own warnings. */
  log: Log;
  getProgrammingModel(): ProgrammingModel | undefined;
}

export interface Registration {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

interface FunctionMetadata {
  readonly name: string;
  /** By binding name; the trigger is the one whose type ends in "Trigger". */
  readonly bindings: Readonly<Record<string, Binding>>;
}

export interface Binding {
  readonly type: string;
  readonly direction: 'in' | 'out';
}

type FunctionCallback = (...inputsAndContext: unknown[]) => unknown;
export type HookCallback = (context: object) => unknown;
export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
type Log = (level: LogLevel, category: string, message: string) => void;

export interface ProgrammingModel {
  /** Ends the time in which the app may call `app.setup`. */
  getCapabilities(capabilities: object): Promise<object>;
  getInvocationModel(invocation: CoreInvocation): InvocationModel;
}

export interface CoreInvocation {
  readonly invocationId: string;
  readonly metadata: FunctionMetadata;
  readonly log: Log;
  readonly request: InvocationRequest;
  /** In this state the library takes logging for granted, though the handler has returned. */
  state?: 'postInvocationHooks';
}

interface InvocationRequest {
  readonly invocationId: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  readonly traceContext: { readonly traceParent: string };
}

interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<InvocationResponse>;
}

export interface InvocationResponse {
  readonly returnValue?: TypedData | null;
  readonly outputData: readonly { readonly name: string; readonly data: TypedData }[];
}

/** One value on its way into a function or out of it; exactly one field is there. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: HttpData;
}

/** A request (method, url, nullable...) or an answer (statusCode, headers). */
export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly nullableHeaders?: NullableStrings;
  readonly nullableQuery?: NullableStrings;
  readonly nullableParams?: NullableStrings;
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: TypedData;
}

type NullableStrings = Readonly<Record<string, { readonly value: string }>>;
