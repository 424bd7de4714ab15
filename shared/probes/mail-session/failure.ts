import type { Failure } from './step-trace';

const REFUSALS = ['no', 'bad', 'bye'] as const;

/** A server's NO, BAD or BYE as a failure, or undefined where the text is none. `answer` starts after the tag. */
export function refusalOf(answer: string): Failure | undefined {
  const status = /^\w+/.exec(answer)?.[0].toLowerCase();
  const kind = REFUSALS.find((each) => each === status);
  return kind === undefined ? undefined : refusal(kind, answer);
}

/** A server's refusal, with its response code (`NO [NOPERM] ...`, `-ERR [SYS/TEMP] ...`) and back-off where it has any. */
export function refusal(kind: Failure['kind'], answer: string): Failure {
  const code = /^\S+ \[([A-Z][A-Z0-9/-]*)[ \]]/i.exec(answer)?.[1];
  const backoff = /backoff time\D{0,3}(\d{1,12})/i.exec(answer)?.[1];
  return {
    kind,
    text: answer,
    ...(code !== undefined && { code: code.toUpperCase() }),
    ...(backoff !== undefined && { backoffMs: Number(backoff) }),
  };
}

/** An error of Node or imapflow as a failure; undefined for an error without a code, which is a bug of ours. */
export function failureOf(error: unknown, step: string): Failure | undefined {
  if (!hasCode(error)) return undefined;
  const { code } = error;
  return { kind: kindOf(code, step), text: messageOf(error), code };
}

/** True when the server's certificate was read and not accepted, by chain, date or name. */
export function isCertificateFailure({ kind, code = '' }: Failure): boolean {
  return kind === 'tls' && !/^(ERR_SSL_|EPROTO)/.test(code);
}

function kindOf(code: string, step: string): Failure['kind'] {
  if (/^E[A-Z_]+$/.test(code) && !/^(ERR_|EPROTO)/.test(code)) return 'socket';
  if (step === 'tls') return 'tls';
  if (code.startsWith('ERR_')) return 'socket';
  // imapflow's names for a connection that went away under it.
  if (code === 'NoConnection' || code === 'ClosedAfterConnectTLS') return 'closed';
  return 'protocol';
}

interface CodedError {
  readonly code: string;
  readonly message: string;
  /** Of an AggregateError, whose own message is empty: one error for each address tried. */
  readonly errors?: readonly Error[];
}

function hasCode(error: unknown): error is CodedError {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
}

function messageOf({ message, errors }: CodedError): string {
  return errors === undefined ? message : errors.map((each) => each.message).join('; ');
}
