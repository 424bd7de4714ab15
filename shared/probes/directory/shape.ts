import type * as z from 'zod';

/** Names of Graph's properties, checked against Microsoft's own types. */
export type Shape<T> = Partial<Record<keyof T, z.ZodType>>;

/** The `$select` for what a shape reads. */
export function selected(shape: Readonly<Record<string, z.ZodType>>): string {
  return `$select=${Object.keys(shape).join(',')}`;
}
