import { badRequest } from './graph-error';

export type Entity = Readonly<Record<string, unknown>>;

/** Entities of one kind: `collection` as in the URL, `type` as in Graph's metadata. */
export interface EntitySet {
  readonly collection: string;
  readonly type: string;
}

/** Graph's own limits of a page of directory objects. */
const DEFAULT_PAGE = 100;
const MAX_PAGE = 999;

/** One entity, with the properties that $select names. Throws GraphError. */
export function single(entity: Entity, set: EntitySet, url: URL): Entity {
  const names = selectedNames(url);
  return { '@odata.context': `${contextOf(set, names, url)}/$entity`, ...select(entity, names, set) };
}

/** One page of a collection; the link to the next is opaque to clients. Throws GraphError. */
export function page(entities: readonly Entity[], set: EntitySet, url: URL): Entity {
  const names = selectedNames(url);
  const size = Number(url.searchParams.get('$top') ?? DEFAULT_PAGE);
  const token = url.searchParams.get('$skiptoken');
  const start = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE) throw badRequest("Invalid value for '$top'.");
  if (!Number.isInteger(start) || start < 0) throw badRequest("Invalid value for '$skiptoken'.");
  const end = start + size;
  const next = new URL(url);
  next.searchParams.set('$skiptoken', Buffer.from(String(end)).toString('base64url'));
  return {
    '@odata.context': contextOf(set, names, url),
    ...(url.searchParams.get('$count') === 'true' && { '@odata.count': entities.length }),
    ...(end < entities.length && { '@odata.nextLink': next.href }),
    value: entities.slice(start, end).map((entity) => select(entity, names, set)),
  };
}

/** The entities that $filter lets through: `name eq 'text'`, one or several with `or`. Throws GraphError. */
export function filtered(entities: readonly Entity[], { type }: EntitySet, url: URL): readonly Entity[] {
  const filter = url.searchParams.get('$filter');
  if (filter === null) return entities;
  const terms = [...filter.matchAll(/(?:^| or )(\w+) eq '((?:[^']|'')*)'(?=$| or )/g)];
  if (terms.map(([term]) => term).join('') !== filter) throw badRequest('Invalid filter clause');
  const wanted = terms.map(([, name = '', text = '']) => [name, text.replaceAll("''", "'").toLowerCase()] as const);
  const unknown = wanted.find(([name]) => entities.some((entity) => !(name in entity)));
  if (unknown !== undefined) throw badRequest(`Could not find a property named '${unknown[0]}' on type '${type}'.`);
  return entities.filter((entity) => wanted.some(([name, text]) => String(entity[name]).toLowerCase() === text));
}

function selectedNames(url: URL): readonly string[] | undefined {
  return url.searchParams.get('$select')?.split(',');
}

function select(entity: Entity, names: readonly string[] | undefined, { type }: EntitySet): Entity {
  if (names === undefined) return entity;
  const unknown = names.find((name) => !(name in entity));
  if (unknown !== undefined) {
    throw badRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type '${type}'.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, entity[name]]));
}

function contextOf({ collection }: EntitySet, names: readonly string[] | undefined, url: URL): string {
  return `${url.origin}/v1.0/$metadata#${collection}${names === undefined ? '' : `(${names.join(',')})`}`;
}
