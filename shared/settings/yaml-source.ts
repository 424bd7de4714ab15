import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type ErrorCode,
} from 'yaml';

interface Position {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

interface SyntaxFault extends Position {
  readonly message: string;
}

/** A text read as YAML, of which JSON is a part. */
export interface YamlSource {
  readonly faults: readonly SyntaxFault[];
  /** The plain data; undefined where the faults leave its structure in doubt. */
  readonly data?: { readonly value: unknown };
  /** The key or list item at the end of the path, and how much of the path exists; what is missing is at what should hold it. */
  locate(path: readonly PropertyKey[]): Position & { readonly path: readonly PropertyKey[] };
}

/** Aliases are worth having, but their expansion must end. */
const MAX_ALIASES = 10_000;

const NO_ANCHOR =
  'a text that starts with * names an anchor, and no such anchor stands before it; put it in quotes, such as "*"';

/**
 * In our own words, for two reasons: they say what to do, and the parser's may quote the text, which may be a secret.
 * The parser's code stands for the rest.
 */
const FAULTS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: NO_ANCHOR,
  BAD_DQ_ESCAPE: 'a backslash in double quotes starts an escape that is not known; put the text in single quotes',
  BAD_INDENT: 'the indentation does not fit; expected the keys of one mapping to start in the same column',
  BAD_SCALAR_START: 'a text cannot start with this character; put it in quotes, such as "@contoso"',
  BLOCK_AS_IMPLICIT_KEY:
    'a text with a colon and a blank in it looks like a key; put it in quotes, such as "Contoso: support"',
  DUPLICATE_KEY: 'this key stands twice in the same mapping; keep one',
  MISSING_CHAR: 'a quote, bracket, comma or colon is missing; expected for example [a, b] or "text"',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line; is the indentation right?',
  MULTIPLE_DOCS: 'expected one document; a second one starts here',
  NON_STRING_KEY: 'a key must be a text; is the indentation right?',
  RESOURCE_EXHAUSTION: 'the nesting is too deep',
  TAB_AS_INDENT: 'a tab cannot indent; expected blanks',
  TAG_RESOLVE_FAILED: 'a text that starts with ! names a type; put it in quotes, such as "!"',
  UNEXPECTED_TOKEN: 'this does not belong here; are quotes, brackets and indentation right?',
};

/** Never throws. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, resolveKnownTags: false, stringKeys: true };
  const document = parseDocument(text, options);
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const locate: YamlSource['locate'] = (path) => {
    const { offset, depth } = find(document, path);
    return { ...at(offset), path: path.slice(0, depth) };
  };
  const found = faultsOf(document);
  const faults = found.map(({ offset, message }) => ({ ...at(offset), message }));
  // A key that stands twice leaves the rest readable.
  if (found.some(({ code }) => code !== 'DUPLICATE_KEY')) return { faults, locate };
  try {
    return { faults, data: { value: document.toJS({ maxAliasCount: MAX_ALIASES }) }, locate };
  } catch {
    // All that is left to fail; what the parser says of it is not shown, see FAULTS.
    const tooMuch = { ...at(0), message: 'the aliases stand for too much; write their values out' };
    return { faults: [...faults, tooMuch], locate };
  }
}

interface Fault {
  readonly offset: number;
  readonly code: ErrorCode;
  readonly message: string;
}

function faultsOf(document: Document.Parsed): Fault[] {
  const faults = [...document.errors, ...document.warnings].map(({ code, pos }): Fault => {
    return { offset: pos[0], code, message: FAULTS[code] ?? `this is not YAML (${code})` };
  });
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      faults.push({ offset: alias.range?.[0] ?? 0, code: 'BAD_ALIAS', message: NO_ANCHOR });
    },
  });
  return faults;
}

function find(document: Document.Parsed, path: readonly PropertyKey[]): { offset: number; depth: number } {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined || !isScalar(pair.key)) return { offset, depth: index + 1 };
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      const item = node.items[step];
      if (isScalar(item) || isMap(item) || isSeq(item) || isAlias(item)) offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      return { offset, depth: index };
    }
  }
  return { offset, depth: path.length };
}
