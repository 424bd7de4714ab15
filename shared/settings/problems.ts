import type * as z from 'zod';
import { didYouMean } from './did-you-mean';

/** Something wrong with a value: where in the data, and the sentence for it. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Keys whose values are never shown: secrets stand there, or are put there by mistake. */
export const SECRET_KEYS: readonly string[] = [
  'clientSecret',
  'certificate',
  'federatedToken',
  'refreshToken',
  'clientId',
  'webhook',
  'heartbeat',
  'signingKey',
  'topic',
  'token',
  'routingKey',
  'connectionString',
  'apiKey',
];
/** A longer text may be a secret at the wrong key: Entra's client secrets are longer. */
const LONGEST_SHOWN = 30;

/** Makes findings of what the schema says of `file`. */
export function findingsOf(issues: readonly z.core.$ZodIssue[], file: unknown): Finding[] {
  return issues.flatMap((issue): Finding[] => {
    const { path, message } = issue;
    if (issue.code === 'unrecognized_keys') {
      const known = message.split(', ');
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `is not known here; ${suggestion(key, known)}`,
      }));
    }
    const value = valueAt(file, path);
    if (value === undefined) return [{ path, message: `missing: ${message}` }];
    const meant = typeof value === 'string' ? didYouMean(value, choicesOf(issue)) : undefined;
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    return [{ path, message: `${message}, got ${shown(value, path.at(-1))}${hint}` }];
  });
}

function choicesOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' && 'options' in issue ? issue.options.map(String) : [];
}

function suggestion(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known);
  return meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    // A mailbox that is an address alone stands for its mapping.
    (at, step) =>
      typeof at === 'object' && at !== null ? Reflect.get(at, step) : typeof at === 'string' ? at : undefined,
    value,
  );
}

function shown(value: unknown, key: PropertyKey | undefined): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (key !== undefined && SECRET_KEYS.includes(String(key))) return 'a plain value (not shown)';
  if (typeof value === 'string' && value.length > LONGEST_SHOWN)
    return `a text of ${value.length} characters (not shown)`;
  return JSON.stringify(value);
}
