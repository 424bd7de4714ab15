const ADDRESS = /[^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+\.[a-z]{2,}/gi;
const GUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;
const IP_ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[\da-f]{1,4}:){3,7}[\da-f]{1,4}\b/gi;
const LONG_CODE = /\b[\w+/=-]{40,}/g;
/** Names that people gave, whatever they look like. */
const NAME_KEYS: ReadonlySet<string> = new Set(['name', 'names', 'displayName', 'label', 'user', 'User', 'by', 'hint']);
/** Ids of Microsoft's own services are the same for everybody: nothing is told by them, and checks look at them. */
const MICROSOFT = new Set([
  '00000002-0000-0ff1-ce00-000000000000',
  '00000003-0000-0000-c000-000000000000',
  '9188040d-6c67-4c5b-b112-36a304b66dad',
]);

/**
 * Replaces what would tell whose evidence it is: addresses, ids, IP addresses, codes, names. The same text always becomes the same
 * stand-in, so that what fitted together still does. `known` pairs come first. The function is pure; texts are cut nowhere.
 */
export function scrubber(known: readonly (readonly [text: string, standIn: string])[]): (value: unknown) => unknown {
  // A stand-in stands for itself, or it would be replaced again.
  const standIns = new Map(known.map(([, standIn]) => [standIn.toLowerCase(), standIn]));
  const numbers = new Map<string, number>();
  const standInFor = (text: string, kind: string, make: (n: number) => string): string => {
    const key = text.toLowerCase();
    const found = standIns.get(key);
    if (found !== undefined) return found;
    const n = (numbers.get(kind) ?? 0) + 1;
    numbers.set(kind, n);
    const made = make(n);
    standIns.set(key, made);
    return made;
  };
  const scrubText = (text: string): string =>
    replaceKnown(text, known)
      .replace(ADDRESS, (address) => standInFor(address, 'address', (n) => `person${n}@contoso.com`))
      .replace(GUID, (guid) => (MICROSOFT.has(guid.toLowerCase()) ? guid : standInFor(guid, 'guid', guidNumber)))
      .replace(IP_ADDRESS, '192.0.2.1')
      .replace(LONG_CODE, '…');
  const scrub = (value: unknown, path: readonly string[]): unknown => {
    if (typeof value === 'string') {
      const plain = scrubText(value);
      return plain === value && isGivenName(path) ? standInFor(value, 'name', (n) => `name ${n}`) : plain;
    }
    if (Array.isArray(value)) return value.map((item) => scrub(item, path));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [scrubText(key), scrub(item, [...path, key])]),
      );
    }
    return value;
  };
  return (value) => scrub(value, []);
}

function isGivenName(path: readonly string[]): boolean {
  return NAME_KEYS.has(path.at(-1) ?? '') && path.at(-2) !== 'steps';
}

function guidNumber(n: number): string {
  return `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

function replaceKnown(text: string, known: readonly (readonly [string, string])[]): string {
  return known.reduce(
    (all, [from, to]) => (from === '' ? all : all.replaceAll(new RegExp(RegExp.escape(from), 'gi'), to)),
    text,
  );
}
