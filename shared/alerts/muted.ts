import { Cron } from 'croner';
import { matches, type Ignored, type MaintenanceWindow, type Muted, type Silence } from '../core/muting';
import { subjectName, type Subject } from '../core/subject';

export interface MuteSettings {
  readonly maintenance: readonly MaintenanceWindow[];
  readonly ignore: readonly Ignored[];
}

/** Causes that the application of an integration is told of already. */
export type ToldForApplication = (integrationId: string) => ReadonlySet<string>;

/**
 * Tells why notices of a cause are held back at this moment (milliseconds since 1970); undefined where they are not. Which windows are
 * open is found out once, however many causes are asked about. Pure.
 */
export function mutesAt(
  { maintenance, ignore }: MuteSettings,
  silences: readonly Silence[],
  now: number,
  toldForApplication: ToldForApplication = () => new Set(),
): (of: { readonly subject: Subject; readonly cause: string }) => Muted | undefined {
  const open = maintenance.flatMap((window) => {
    const until = endOf(window, now);
    return until === undefined ? [] : [{ window, until }];
  });
  return ({ subject, cause }) => {
    const about = { integration: subject.integrationId, subject: subjectName(subject), cause };
    const silence = silences.find(({ until, match }) => now < until && matches(match, about));
    if (silence !== undefined) {
      const { reason, until, author } = silence;
      return { by: 'silence', reason, until, author };
    }
    const work = open.find(({ window }) => window.integrations?.includes(about.integration) ?? true);
    if (work !== undefined) return { by: 'maintenance', reason: work.window.reason, until: work.until };
    if (subject.kind === 'mailbox' && toldForApplication(subject.integrationId).has(cause)) {
      return { by: 'root-cause', reason: 'The app registration of this mailbox has the same cause and is told of.' };
    }
    const ignored = ignore.find(({ match }) => matches(match, about));
    return ignored === undefined ? undefined : { by: 'ignore', reason: ignored.reason };
  };
}

/** When the window that is open now ends; undefined where none is. It begins by the clock of its time zone and lasts as long as it says. */
function endOf({ schedule, durationMs, timeZone }: MaintenanceWindow, now: number): number | undefined {
  const [began] = new Cron(schedule, { mode: '5-part', timezone: timeZone }).previousRuns(1, new Date(now + 1000));
  const end = began === undefined ? -Infinity : began.getTime() + durationMs;
  return began !== undefined && began.getTime() <= now && now < end ? end : undefined;
}
