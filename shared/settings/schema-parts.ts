import * as z from 'zod';

/** A mapping that knows no other keys. The message of an unknown key is the list of the known ones. */
export function mapping<Shape extends z.core.$ZodLooseShape>(expected: string, shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : expected),
  });
}

export function text(expected: string, pattern: RegExp) {
  return z.string({ error: expected }).trim().regex(pattern, { error: expected });
}

/** For what Microsoft compares without regard to case. */
export function lowerCaseText(expected: string, pattern: RegExp) {
  return z.string({ error: expected }).trim().toLowerCase().regex(pattern, { error: expected });
}

export function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, { error: `expected ${new Intl.ListFormat('en', { type: 'disjunction' }).format(values)}` });
}

export function wholeNumber(expected: string, least: number, most: number) {
  return z.int({ error: expected }).min(least, { error: expected }).max(most, { error: expected });
}
