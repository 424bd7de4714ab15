import type { AlertsReport } from '../alerts/alerts-report';
import type { Overview, Status, SubjectReport } from '../core/report';
import { Alerts } from './alerts';
import { timeLeft, timeSince } from '../core/credential-expiry';
import { credentialRows, type CredentialRow } from '../core/credential-rows';
import { DayBar } from './day-bar';
import { Document } from './document';
import { Moment, STATUS_NAMES, StatusMark } from './marks';
import { GroupCard, subjectPath, titleOf } from './subject';
import {
  blindSpots,
  choose,
  groupsShown,
  ITEMS_A_PAGE,
  newestLook,
  writeFilters,
  type BlindSpot,
  type Filters,
  type Group,
  type Item,
} from './view';

export interface StatusPageProps {
  readonly report: Overview;
  readonly filters: Filters;
  /** The path that all pages stand under, such as `/api`. */
  readonly root: string;
}

export interface WholePageProps extends StatusPageProps {
  /** Whole reports of the first subject of each group that is shown. */
  readonly details: ReadonlyMap<Item, SubjectReport>;
  readonly groups: readonly Group[];
  readonly alerts: AlertsReport;
}

/** With more faults than these the remedies are folded. */
const OPEN_UP_TO = 3;
const ALL: Filters = { text: '', status: '', integration: '', page: 1 };

/** Everything at one look: what is broken, since when, why, and what to do. */
export function StatusPage({ report, filters, root, groups, details, alerts }: WholePageProps) {
  const now = Date.parse(report.generatedAt);
  const everything = choose(report, ALL);
  const filtered = writeFilters({ ...filters, page: 1 }) !== '';
  return (
    <Document title={verdictOf(report)} root={root}>
      <section class={`verdict ${report.status}`} aria-label="Verdict">
        <StatusMark status={report.status} />
        <h1>{verdictOf(report)}</h1>
        <Freshness items={everything} now={now} />
      </section>
      <Counts report={report} filters={filters} root={root} />
      <FilterForm report={report} filters={filters} root={root} />

      {groups.length === 0 ? (
        <p>{filtered ? 'Nothing matches this choice.' : 'Nothing needs attention.'}</p>
      ) : (
        <section aria-label="Needs attention">
          <h2>{headingOf(filters)}</h2>
          {groupsShown(groups, filters).map((one) => (
            <GroupCard
              group={one}
              details={details.get(one.first)}
              root={root}
              now={now}
              open={groups.length <= OPEN_UP_TO}
            />
          ))}
          <Pages filters={filters} total={groups.length} root={root} />
        </section>
      )}

      <Integrations report={report} everything={everything} filters={filters} root={root} now={now} />
      <Credentials
        rows={credentialRows(
          report.integrations.filter(({ id }) => filters.integration === '' || id === filters.integration),
        )}
        now={now}
      />
      <Alerts alerts={alerts} integration={filters.integration} root={root} now={now} />
      <BlindSpots spots={blindSpots(everything)} />
      <footer class="soft small">
        As of <Moment at={report.generatedAt} now={now} /> · <a href={`${root}/status?format=json`}>The same as JSON</a>
      </footer>
    </Document>
  );
}

function headingOf({ status }: Filters): string {
  return status === '' ? 'Needs attention' : STATUS_NAMES[status];
}

/** What those see who may see no names: whether all is well. */
export function SummaryPage({ report, root }: Omit<StatusPageProps, 'filters'>) {
  const now = Date.parse(report.generatedAt);
  return (
    <Document title={verdictOf(report)} root={root}>
      <section class={`verdict ${report.status}`} aria-label="Verdict">
        <StatusMark status={report.status} />
        <h1>{verdictOf(report)}</h1>
        <p>
          As of <Moment at={report.generatedAt} now={now} />. Names, causes and remedies are shown to those who sign in.
        </p>
      </section>
    </Document>
  );
}

/** One sentence for all. */
function verdictOf({ counts, monitor }: Overview): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = (['critical', 'warning', 'unclear'] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${VERDICT_WORDS[status]}`);
  if (parts.length === 0 && total === 0) return 'Nothing is watched yet';
  if (parts.length === 0) {
    const isSure = monitor.every(({ status }) => status === 'healthy' || status === 'info');
    return isSure
      ? `All ${total} are healthy`
      : `All ${total} are healthy as far as can be seen, but Mailbox Watch itself is not well`;
  }
  return `${new Intl.ListFormat('en').format(parts)}, of ${total} watched`;
}

const VERDICT_WORDS = { critical: 'broken', warning: 'with a warning', unclear: 'unclear' } as const;

function Freshness({ items, now }: { items: readonly Item[]; now: number }) {
  const newest = newestLook(items);
  const stale = items.filter(({ subject }) => subject.stale).length;
  return (
    <p>
      {newest === undefined ? (
        'Nothing has been checked yet.'
      ) : (
        <>
          Last look <Moment at={newest} now={now} />.
        </>
      )}{' '}
      {stale === 0
        ? 'Every result is fresh.'
        : `${stale} of ${items.length} were not checked for two intervals: what is shown of them may no longer hold.`}
    </p>
  );
}

function Counts({ report, filters, root }: StatusPageProps) {
  const shown = Object.entries(report.counts).filter(([, count]) => count > 0) as [Status, number][];
  return (
    <ul class="counts" aria-label="By status">
      {shown.map(([status, count]) => (
        <li>
          <a
            href={`${root}/status${writeFilters({ ...filters, status, page: 1 })}`}
            aria-current={filters.status === status ? 'true' : undefined}
          >
            <StatusMark status={status} /> {count}
          </a>
        </li>
      ))}
    </ul>
  );
}

function FilterForm({ report, filters, root }: StatusPageProps) {
  return (
    <form class="filters" method="get" action={`${root}/status`} role="search">
      <label>
        Mailbox, app or cause
        <input type="search" name="q" value={filters.text} />
      </label>
      <label>
        Integration
        <select name="integration">
          <option value="">all</option>
          {report.integrations.map(({ id, name }) => (
            <option value={id} selected={id === filters.integration}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Status
        <select name="status">
          <option value="">all</option>
          {Object.entries(STATUS_NAMES).map(([value, name]) => (
            <option value={value} selected={value === filters.status}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">Show</button>
      {writeFilters(filters) === '' ? null : <a href={`${root}/status`}>Show all</a>}
    </form>
  );
}

function Pages({ filters, total, root }: { filters: Filters; total: number; root: string }) {
  const last = Math.ceil(total / ITEMS_A_PAGE);
  if (last <= 1) return null;
  const to = (page: number) => `${root}/status${writeFilters({ ...filters, page })}`;
  return (
    <nav class="pages" aria-label="Pages of this list">
      {filters.page > 1 ? <a href={to(filters.page - 1)}>Previous</a> : null}
      <span>
        Page {filters.page} of {last}
      </span>
      {filters.page < last ? <a href={to(filters.page + 1)}>Next</a> : null}
    </nav>
  );
}

/** Rows of one integration before the rest is left to its own view. */
const ROWS_SHOWN = 10;

function Integrations({
  report,
  everything,
  filters,
  root,
  now,
}: StatusPageProps & { everything: readonly Item[]; now: number }) {
  const itemsOf = Map.groupBy(everything, ({ integration }) => integration.id);
  const shown = report.integrations.filter(({ id }) => filters.integration === '' || id === filters.integration);
  return (
    <section aria-label="Integrations">
      <h2>Integrations</h2>
      {shown.map((integration) => {
        const items = itemsOf.get(integration.id) ?? [];
        const start = filters.integration === '' ? 0 : (filters.page - 1) * ITEMS_A_PAGE;
        const rows = items.slice(start, start + (filters.integration === '' ? ROWS_SHOWN : ITEMS_A_PAGE));
        return (
          <div class="scroll">
            <table class="stack">
              <caption>
                {integration.name} <StatusMark status={integration.status} />
              </caption>
              <thead>
                <tr>
                  <th scope="col">Mailbox or app</th>
                  <th scope="col">Status</th>
                  <th scope="col">What</th>
                  <th scope="col">Last 90 days</th>
                  <th scope="col">Checked</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((item) => (
                  <Row item={item} root={root} now={now} />
                ))}
              </tbody>
            </table>
            {items.length > rows.length && filters.integration === '' ? (
              <p>
                <a href={`${root}/status${writeFilters({ ...ALL, integration: integration.id })}`}>
                  All {items.length} of {integration.name}
                </a>
              </p>
            ) : null}
          </div>
        );
      })}
      {filters.integration === '' ? null : (
        <Pages
          filters={{ ...filters, status: '', text: '' }}
          total={itemsOf.get(filters.integration)?.length ?? 0}
          root={root}
        />
      )}
    </section>
  );
}

function Row({ item, root, now }: { item: Item; root: string; now: number }) {
  const { subject } = item;
  return (
    <tr>
      <td data-label="Name">
        <a href={subjectPath(root, item)}>{titleOf(item)}</a>
      </td>
      <td data-label="Status">
        <StatusMark status={subject.status} />
      </td>
      <td data-label="What">{subject.headline}</td>
      <td data-label="90 days">
        <DayBar days={subject.days} now={now} />
      </td>
      <td data-label="Checked" class="num">
        {subject.checkedAt === undefined ? 'never' : <Moment at={subject.checkedAt} now={now} />}
      </td>
    </tr>
  );
}

const CREDENTIALS_SHOWN = 50;

function Credentials({ rows, now }: { rows: readonly CredentialRow[]; now: number }) {
  if (rows.length === 0) return null;
  return (
    <section aria-label="Client secrets and certificates">
      <h2>Client secrets and certificates</h2>
      <div class="scroll">
        <table class="stack">
          <thead>
            <tr>
              <th scope="col">Ends</th>
              <th scope="col">Left</th>
              <th scope="col">App</th>
              <th scope="col">Credential</th>
              <th scope="col">In use</th>
              <th scope="col">Owner</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, CREDENTIALS_SHOWN).map((row) => (
              <tr>
                <td data-label="Ends" class="num">
                  {new Date(row.endsAt).toISOString().slice(0, 10)}
                </td>
                <td data-label="Left">
                  {row.endsAt > now ? timeLeft(row.endsAt, now) : `ended ${timeSince(row.endsAt, now)}`}
                </td>
                <td data-label="App">
                  {row.app ?? row.clientId}
                  <span class="soft small"> {row.integration}</span>
                </td>
                <td data-label="Credential">
                  {row.kind === 'certificate' ? 'Certificate' : 'Client secret'} “{row.name}”
                  <br />
                  <span class="soft small">
                    {row.hint === undefined ? '' : `${row.hint}… `}
                    {row.keyId}
                  </span>
                </td>
                <td data-label="In use">{row.inUse === undefined ? 'not known' : row.inUse ? 'yes' : 'no'}</td>
                <td data-label="Owner">{row.owners.join(', ') || 'none known'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > CREDENTIALS_SHOWN ? (
        <p class="soft">{rows.length - CREDENTIALS_SHOWN} more, which end later. Choose an integration to see them.</p>
      ) : null}
    </section>
  );
}

function BlindSpots({ spots }: { spots: readonly BlindSpot[] }) {
  if (spots.length === 0) return null;
  return (
    <section aria-label="What could not be seen">
      <h2>What could not be seen</h2>
      <ul>
        {spots.map(({ detail, subjects }) => (
          <li>
            {detail}{' '}
            <span class="soft">({subjects === 1 ? 'one mailbox or app' : `${subjects} mailboxes and apps`})</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
