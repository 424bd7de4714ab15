import type { Status } from '../../shared/core/report';

/** As monitoring plug-ins have them: https://www.monitoring-plugins.org/doc/guidelines.html#AEN78 */
export const EXIT_CODES = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
/** As sysexits.h has it; plug-ins end with 3 instead. */
export const USAGE = 64;

/** What a command came to: the text for standard output, and the exit code. */
export interface Outcome {
  readonly text: string;
  readonly code: number;
}

const OF_STATUS: Readonly<Record<Status, number>> = {
  critical: EXIT_CODES.critical,
  warning: EXIT_CODES.warning,
  unclear: EXIT_CODES.unknown,
  info: EXIT_CODES.ok,
  healthy: EXIT_CODES.ok,
};

export function exitCodeOf(status: Status): number {
  return OF_STATUS[status];
}

/** What keeps a command from its work, in words for the person at the terminal: what happened and what to do. Holds no secret. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly code: number = EXIT_CODES.unknown,
  ) {
    super(message);
  }
}
