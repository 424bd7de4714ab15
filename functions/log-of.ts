import type { InvocationContext } from '@azure/functions';
import type { Log } from '../shared/core/ports';

/** Writes one line a fact to the invocation's log, which the host sends on to Application Insights. */
export function logOf(context: InvocationContext): Log {
  return (level, message, fields) => {
    context[level](fields === undefined ? message : `${message} ${JSON.stringify(fields)}`);
  };
}
