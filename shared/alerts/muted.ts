import { Cron } from 'croner';
import { matches, type Ignored, type MaintenanceWindow, type Muted, type Silence } from '../core/muting';
import { subjectName, type Subject } from '../core/subject';

export interface MuteSettings {
  readonly maintenance: readonly MaintenanceWindow[];
  readonly ignore: readonly Ignored[];
}

/** Why notices of a cause are held back at this moment (milliseconds since 1970); undefined where they are not. Pure. */
export function mutedBy(
  { maintenance, ignore }: MuteSettings,
  silences: readonly Silence[],
  of: { readonly subject: Subject; readonly cause: string },
  now: number,
): Muted | undefined {
  const about = { integration: of.subject.integrationId, subject: subjectName(of.subject), cause: of.cause };
  const silence = silences.find(({ until, match }) => now < until && matches(match, about));
  if (silence !== undefined) {
    const { reason, until, author } = silence;
    return { by: 'silence', reason, until, author };
  }
  for (const window of maintenance) {
    if (window.integrations?.includes(about.integration) === false) continue;
    const until = endOf(window, now);
    if (until !== undefined) return { by: 'maintenance', reason: window.reason, until };
  }
  const ignored = ignore.find(({ match }) => matches(match, about));
  return ignored === undefined ? undefined : { by: 'ignore', reason: ignored.reason };
}

/** When the window that is open now ends; undefined where none is. It begins by the clock of its time zone and lasts as long as it says. */
function endOf({ schedule, durationMs, timeZone }: MaintenanceWindow, now: number): number | undefined {
  const [began] = new Cron(schedule, { mode: '5-part', timezone: timeZone }).previousRuns(1, new Date(now + 1000));
  const end = began === undefined ? -Infinity : began.getTime() + durationMs;
  return began !== undefined && began.getTime() <= now && now < end ? end : undefined;
}
