import {
  allSubjects,
  type CheckReport,
  type IntegrationReport,
  type Overview,
  type Status,
  type SubjectOverview,
  type SubjectReport,
} from '../core/report';

/** A mailbox or an application together with the integration that it belongs to, or Mailbox Watch itself. */
export interface Item {
  readonly integration: Pick<IntegrationReport, 'id' | 'name'>;
  readonly subject: SubjectOverview;
}

/** What a reader chose to see; empty texts choose all. */
export interface Filters {
  readonly text: string;
  readonly status: Status | '';
  readonly integration: string;
  /** Counted from 1. */
  readonly page: number;
}

export const ITEMS_A_PAGE = 20;
const WORST_FIRST: readonly Status[] = ['critical', 'warning', 'unclear', 'info', 'healthy'];

/** Reads the choice from a page's address. What makes no sense chooses all. Never throws. */
export function readFilters(query: URLSearchParams): Filters {
  const status = WORST_FIRST.find((one) => one === query.get('status')) ?? '';
  const page = Math.trunc(Number(query.get('page')));
  return {
    text: (query.get('q') ?? '').trim().slice(0, 254),
    status,
    integration: query.get('integration') ?? '',
    page: page >= 1 && page < 1_000_000 ? page : 1,
  };
}

/** The choice as the end of an address, `?` included; empty where all is chosen. */
export function writeFilters({ text, status, integration, page }: Filters): string {
  const query = new URLSearchParams({
    ...(text !== '' && { q: text }),
    ...(status !== '' && { status }),
    ...(integration !== '' && { integration }),
    ...(page > 1 && { page: String(page) }),
  }).toString();
  return query === '' ? '' : `?${query}`;
}

/** Everything chosen, worst first, then in the order of the configuration. */
export function choose(
  report: Pick<Overview, 'integrations' | 'monitor'>,
  { text, status, integration }: Filters,
): Item[] {
  const wanted = text.toLowerCase();
  const isChosen = ({ integration: { name, id }, subject }: Item): boolean =>
    (integration === '' || id === integration) &&
    (status === '' || subject.status === status) &&
    (wanted === '' || [name, id, subject.name, subject.headline].some((said) => said.toLowerCase().includes(wanted)));
  return allSubjects(report)
    .filter(isChosen)
    .toSorted((a, b) => WORST_FIRST.indexOf(a.subject.status) - WORST_FIRST.indexOf(b.subject.status));
}

/** Subjects of one integration that say the same: one fault, shown once. The application, where it is among them, stands first. */
export interface Group {
  readonly first: Item;
  readonly others: readonly Item[];
}

/** In the order in which each group's first subject stands. */
export function group(items: readonly Item[]): Group[] {
  const groups = Map.groupBy(items, (item) => {
    const { integration, subject } = item;
    return JSON.stringify([integration.id, subject.status, subject.cause?.id ?? subject.headline]);
  });
  return [...groups.values()].flatMap((members) => {
    const [first, ...others] = members.toSorted((a, b) => rankOf(a) - rankOf(b));
    return first === undefined ? [] : [{ first, others }];
  });
}

/** The groups that need attention, or that were asked for. */
export function groupsOf(report: Overview, filters: Filters): Group[] {
  const chosen = choose(report, filters);
  return group(filters.status === 'healthy' ? chosen : chosen.filter(({ subject }) => subject.status !== 'healthy'));
}

/** Those on the page that is shown; a page behind the last one is the last one. */
export function groupsShown(groups: readonly Group[], { page }: Filters): readonly Group[] {
  const last = Math.max(1, Math.ceil(groups.length / ITEMS_A_PAGE));
  const start = (Math.min(page, last) - 1) * ITEMS_A_PAGE;
  return groups.slice(start, start + ITEMS_A_PAGE);
}

function rankOf({ subject }: Item): number {
  return subject.kind === 'application' ? 0 : 1;
}

/** The check that decides the subject's status: what its headline is about. */
export function decisiveCheck({ checks, status }: SubjectReport): CheckReport | undefined {
  return checks.find((check) => check.status === status && check.verdict !== 'blocked');
}

/** What nobody could see, and how many subjects that concerns: one line for each sentence. */
export interface BlindSpot {
  readonly detail: string;
  readonly subjects: number;
}

/** The most frequent first. */
export function blindSpots(items: readonly Item[]): BlindSpot[] {
  const sentences = Map.groupBy(
    items.flatMap(({ subject }) => subject.unseen),
    (detail) => detail,
  );
  return [...sentences]
    .map(([detail, same]): BlindSpot => ({ detail, subjects: same.length }))
    .toSorted((a, b) => b.subjects - a.subjects);
}

/** The latest moment at which one of them was checked; undefined where none was. */
export function newestLook(items: readonly Item[]): string | undefined {
  return items.reduce<string | undefined>(
    (newest, { subject: { checkedAt } }) =>
      checkedAt !== undefined && checkedAt > (newest ?? '') ? checkedAt : newest,
    undefined,
  );
}
