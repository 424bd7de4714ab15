import type { Finding } from './problems';

const VARIABLE = /\$\{env:([A-Za-z_]\w*)\}/g;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The data with the environment's values in place of `${env:NAME}` in its texts, and a finding for each that is not set. Not for secrets:
 * those are named by references, so that they stand nowhere. Pure.
 */
export function fillIn(value: unknown, environment: Environment): { value: unknown; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  // What an anchor names stands in several places, or in itself: it is filled once.
  const filled = new Map<object, unknown>();
  const fill = (one: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof one === 'string') {
      return one.replace(VARIABLE, (written, name: string) => {
        const found = environment[name];
        if (found !== undefined && found !== '') return found;
        findings.push({ path: [...path], message: `names the environment variable ${name}, which is not set` });
        return written;
      });
    }
    if (typeof one !== 'object' || one === null) return one;
    const known = filled.get(one);
    if (known !== undefined) return known;
    const copy: object = Array.isArray(one) ? [] : {};
    filled.set(one, copy);
    for (const [key, item] of Object.entries(one)) {
      const value = fill(item, [...path, Array.isArray(one) ? Number(key) : key]);
      Object.defineProperty(copy, key, { value, enumerable: true, writable: true, configurable: true });
    }
    return copy;
  };
  return { value: fill(value, []), findings };
}
