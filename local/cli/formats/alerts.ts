import { styleText } from 'node:util';
import type { AlertsReport } from '../../../shared/alerts/alerts-report';

const STYLES = { critical: 'red', warning: 'yellow', info: 'cyan' } as const;

/** What is open, a line each, then the channels. */
export function alertsScreen({ open, channels }: AlertsReport): string {
  const alerts = open.map(({ severity, integration, subject, cause, openedAt, onItsWayTo, muted }) => {
    const waiting = onItsWayTo.length === 0 ? '' : styleText('dim', `  not yet at ${onItsWayTo.join(', ')}`);
    const why = muted === undefined ? '' : styleText('dim', `  ${muted.by}: ${muted.reason}`);
    const since = styleText('dim', `since ${openedAt.slice(0, 16).replace('T', ' ')} UTC`);
    return `${styleText(STYLES[severity], severity.padEnd(8))} ${integration}/${subject.name}  ${cause.title}  ${since}${waiting}${why}`;
  });
  const ways = channels.map(({ id, kind, status, failure, waiting }) => {
    const said = failure === undefined ? '' : `: ${failure.detail}`;
    const mark = status === 'failing' ? styleText('red', '✗') : status === 'ok' ? styleText('green', '✓') : '·';
    return `${mark} ${id} (${kind}) ${status}${said}${waiting > 0 ? `, ${waiting} waiting` : ''}`;
  });
  return [
    alerts.length === 0 ? 'No alert is open.' : alerts.join('\n'),
    ways.length === 0
      ? 'There is no channel: nobody is told. Add one under notify in the configuration.'
      : ways.join('\n'),
  ].join('\n\n');
}
