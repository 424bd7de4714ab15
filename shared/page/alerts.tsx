import type { AlertsReport, OpenAlertReport } from '../alerts/alerts-report';
import { Moment } from './marks';
import { subjectPath } from './subject';

/** Rows before the rest is only counted. */
const SHOWN = 20;
const MUTED_BY: Readonly<Record<NonNullable<OpenAlertReport['muted']>['by'], string>> = {
  silence: 'silenced',
  maintenance: 'maintenance',
  'root-cause': 'told of with its app registration',
  ignore: 'ignored',
};

export interface AlertsProps {
  readonly alerts: AlertsReport;
  /** Id of an integration; empty for all. */
  readonly integration: string;
  readonly root: string;
  readonly now: number;
}

/** What people are told of, what is held back and why, and which channel takes nothing. */
export function Alerts({ alerts: { open, silences, channels }, integration, root, now }: AlertsProps) {
  const chosen = open.filter((one) => integration === '' || one.integration === integration);
  const failing = channels.filter(({ status }) => status === 'failing');
  if (chosen.length === 0 && silences.length === 0 && failing.length === 0) return null;
  return (
    <section aria-label="Alerts">
      <h2>Alerts</h2>
      {channels.length === 0 ? (
        <p>Nobody is told of them: there is no channel under notify in the configuration.</p>
      ) : null}
      {failing.map(({ id, failure }) => (
        <p class="warning">
          The channel {id} takes no notices: {failure?.detail}
        </p>
      ))}
      {chosen.length === 0 ? null : (
        <div class="scroll">
          <table class="stack">
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Where</th>
                <th scope="col">Open since</th>
                <th scope="col">Last notice</th>
                <th scope="col">Told</th>
              </tr>
            </thead>
            <tbody>
              {chosen.slice(0, SHOWN).map((one) => (
                <tr>
                  <td data-label="What">{one.cause.title}</td>
                  <td data-label="Where">
                    <a href={subjectPath(root, { integration: { id: one.integration }, subject: one.subject })}>
                      {one.subject.name}
                    </a>
                  </td>
                  <td data-label="Open since" class="num">
                    <Moment at={one.openedAt} now={now} />
                  </td>
                  <td data-label="Last notice" class="num">
                    {one.untold || channels.length === 0 ? 'none yet' : <Moment at={one.lastNoticeAt} now={now} />}
                  </td>
                  <td data-label="Told">
                    <Told alert={one} hasChannels={channels.length > 0} now={now} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {chosen.length > SHOWN ? (
        <p class="soft">{chosen.length - SHOWN} more: choose an integration to see them.</p>
      ) : null}
      {silences.length === 0 ? null : (
        <>
          <h3>Silences</h3>
          <ul>
            {silences.map(({ match, until, reason, author }) => (
              <li>
                {Object.values(match).join(', ')}, until <Moment at={until} now={now} />: {reason}{' '}
                <span class="soft">({author})</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Told({
  alert: { muted, onItsWayTo },
  hasChannels,
  now,
}: {
  alert: OpenAlertReport;
  hasChannels: boolean;
  now: number;
}) {
  if (muted !== undefined) {
    return (
      <>
        {MUTED_BY[muted.by]}
        {muted.until === undefined ? null : (
          <>
            {' '}
            until <Moment at={muted.until} now={now} />
          </>
        )}
        {muted.by === 'root-cause' ? '' : `: ${muted.reason}`}
      </>
    );
  }
  if (!hasChannels) return <>no</>;
  return <>{onItsWayTo.length === 0 ? 'yes' : `on its way to ${onItsWayTo.join(', ')}`}</>;
}
