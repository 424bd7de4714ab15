/** What a silence, a maintenance window or an ignore list is about; what is not named is not asked for. */
export interface Match {
  /** Id of an integration; `mailbox-watch` for the monitor itself. */
  readonly integration?: string;
  /** Address of a mailbox or client id, lower case. */
  readonly subject?: string;
  readonly cause?: string;
}

/** Notices held back until a moment, by a person. Times are milliseconds since 1970. */
export interface Silence {
  readonly id: string;
  readonly match: Match;
  readonly until: number;
  readonly reason: string;
  readonly author: string;
  readonly createdAt: number;
}

/** Notices held back while work is done. */
export interface MaintenanceWindow {
  /** Five fields of cron: when it begins. */
  readonly schedule: string;
  readonly durationMs: number;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** All where absent. */
  readonly integrations?: readonly string[];
  readonly reason: string;
}

/** What is never told of, though it is shown. */
export interface Ignored {
  readonly match: Match;
  readonly reason: string;
}

/** Whether the match is about this. Pure. */
export function matches(
  { integration, subject, cause }: Match,
  of: { readonly integration: string; readonly subject: string; readonly cause: string },
): boolean {
  return (
    (integration === undefined || integration === of.integration) &&
    (subject === undefined || subject === of.subject) &&
    (cause === undefined || cause === of.cause)
  );
}

/** Why notices are held back; `root-cause`: the application is told of, and its mailboxes only show it. */
export interface Muted {
  readonly by: 'silence' | 'maintenance' | 'root-cause' | 'ignore';
  readonly reason: string;
  /** Milliseconds since 1970; absent on an ignore list and for a root cause. */
  readonly until?: number;
  readonly author?: string;
}
