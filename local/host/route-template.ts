import { unescape } from 'node:querystring';

/** A route such as `status/{integration?}`, ready to be matched. */
export interface Route {
  /** The parameters' values, decoded, without those that are missing; undefined when the path is another one. */
  match(path: string): Record<string, string> | undefined;
  /** Of the routes that match, the one whose precedence sorts first is meant: literals before parameters before the rest. */
  readonly precedence: string;
}

const CONSTRAINTS: Readonly<Record<string, string>> = {
  int: String.raw`-?\d+`,
  long: String.raw`-?\d+`,
  bool: 'true|false',
  alpha: '[a-z]+',
  guid: '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}',
};

/** `{name}`, `{name?}`, `{name:constraint}`, `{name:constraint?}`, `{*rest}`: always a whole segment. */
const PARAMETER = /^\{(?<rest>\*?)(?<name>\w+)(?::(?<constraint>\w+))?(?<optional>\??)\}$/;

/** Reads a route template, without its prefix. Throws on what the local host does not know, naming it. Matching ignores case. */
export function parseRoute(template: string): Route {
  const names: string[] = [];
  let pattern = '';
  let precedence = '';
  for (const segment of template.split('/').filter((text) => text !== '')) {
    const parameter = PARAMETER.exec(segment)?.groups;
    if (parameter === undefined) {
      if (/[{}]/.test(segment)) throw new Error(`the local host does not know the route segment "${segment}"`);
      pattern += `/${escape(segment)}`;
      precedence += '1';
      continue;
    }
    const { rest, name = '', constraint, optional } = parameter;
    names.push(name);
    const value = rest ? '.*' : constraint === undefined ? '[^/]+' : CONSTRAINTS[constraint];
    if (value === undefined) throw new Error(`the local host does not know the constraint of the segment "${segment}"`);
    pattern += rest || optional ? `(?:/(${value}))?` : `/(${value})`;
    precedence += rest ? '4' : constraint === undefined ? '3' : '2';
  }
  const path = new RegExp(`^${pattern}/?$`, 'i');
  return {
    precedence,
    match(text) {
      const values = path.exec(text)?.slice(1);
      if (values === undefined) return undefined;
      const given = names.map((name, i) => [name, values[i]] as const);
      return Object.fromEntries(given.flatMap(([name, value]) => (value ? [[name, unescape(value)]] : [])));
    },
  };
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
