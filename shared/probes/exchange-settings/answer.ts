import * as z from 'zod';

/** What Exchange's administration answered. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** The JSON; the text itself where it is none. */
  readonly body: unknown;
  /** The header of that name. */
  readonly retryAfter?: string | undefined;
}

/** What a failed cmdlet says of itself. */
export interface CmdletError {
  /** Exchange's own sentence; empty where there is none. */
  readonly message: string;
  /** .NET type of the exception; empty where it is not told. */
  readonly type: string;
}

const Exception = z.object({ message: z.string().catch(''), type: z.string().catch('') });
const Envelope = z.object({
  error: z.object({
    message: z.string().catch(''),
    details: z.array(z.object({ message: z.string() })).catch([]),
    innererror: z.object({ internalexception: Exception.optional().catch(undefined) }).catch({}),
  }),
});

/** `Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation ...` */
const DETAIL = /^Ex\w+\|([^|]*)\|(.*)$/s;

/** What Exchange says that went wrong; undefined where the answer holds no error as Exchange writes it. */
export function errorOf({ body }: Answer): CmdletError | undefined {
  const error = Envelope.safeParse(body).data?.error;
  if (error === undefined) return undefined;
  const exception = error.innererror.internalexception;
  const detail = error.details[0]?.message ?? '';
  const [, type = '', text = detail] = DETAIL.exec(detail) ?? [];
  return { message: firstOf(exception?.message, text, error.message), type: firstOf(type, exception?.type) };
}

function firstOf(...texts: readonly (string | undefined)[]): string {
  return texts.find((text) => text !== undefined && text !== '') ?? '';
}

/** Exchange looked, and there is no such object. */
export function saysNotFound(answer: Answer): boolean {
  return errorOf(answer)?.type.endsWith('.ManagementObjectNotFoundException') === true;
}

/** Worth asking again: throttled, or a fault of the service itself. A cmdlet that failed fails again. */
export function isTransient(answer: Answer): boolean {
  return answer.status === 429 || (answer.status >= 500 && (errorOf(answer)?.type ?? '') === '');
}

const Part = z.object({
  id: z.string(),
  status: z.number(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  body: z.unknown().optional(),
});
// A part that is no part costs its own cmdlet, not the others.
const BatchAnswer = z.object({ responses: z.array(Part.nullable().catch(null)) });

/** The parts of an answered $batch by their ids; empty where it holds none. */
export function partsOf({ body }: Answer): ReadonlyMap<string, Answer> {
  const parts = BatchAnswer.safeParse(body).data?.responses ?? [];
  return new Map(
    parts.flatMap((part) => {
      if (part === null) return [];
      const header = Object.entries(part.headers ?? {}).find(([name]) => name.toLowerCase() === 'retry-after');
      const retryAfter = header === undefined ? undefined : String(header[1]);
      return [[part.id, { status: part.status, body: part.body, retryAfter }] as const];
    }),
  );
}
