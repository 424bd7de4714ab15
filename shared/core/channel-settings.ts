import { SEVERITIES, type Severity } from './severity';
import type { Notice } from './notice';

/** How people are reached, and of what. Secrets are references, such as `env:TEAMS_WEBHOOK`. */
export type ChannelSettings = Route &
  (
    | { readonly kind: 'teams'; readonly webhook: string; readonly payload: 'message' | 'card' }
    | { readonly kind: 'slack'; readonly webhook: string }
    | { readonly kind: 'webhook'; readonly webhook: string; readonly signingKey?: string }
    | { readonly kind: 'ntfy'; readonly topic: string; readonly token?: string }
    | { readonly kind: 'pagerduty'; readonly routingKey: string; readonly region: 'us' | 'eu' }
    | { readonly kind: 'jsm-operations'; readonly apiKey: string; readonly url?: string }
    | { readonly kind: 'alertmanager'; readonly url: string }
    | { readonly kind: 'application-insights'; readonly connectionString: string; readonly availability: Availability }
    | { readonly kind: 'email'; readonly from: string; readonly to: readonly string[] }
  );

export const AVAILABILITIES = ['each-check', 'each-look', 'none'] as const;
/** What is sent as availability results: one for each check of a look, one for the look as a whole, or none. */
export type Availability = (typeof AVAILABILITIES)[number];

export interface Route {
  readonly id: string;
  /** The least severity that is told here. */
  readonly severity: Severity;
  /** Ids of the integrations that are told of; all where absent. */
  readonly integrations?: readonly string[];
  /** Owners of integrations that are told of; all where absent. */
  readonly owners?: readonly string[];
  /** When its notices are sent together: five fields of cron by the clock of a time zone. At once where absent. */
  readonly digest?: { readonly schedule: string; readonly timeZone: string };
}

/** Whether a channel is told of this. What was told is also told to be over. */
export function wants(
  { severity, integrations, owners }: Route,
  { severity: told, integration: { id, owner } }: Pick<Notice, 'severity' | 'integration'>,
): boolean {
  return (
    SEVERITIES.indexOf(told) <= SEVERITIES.indexOf(severity) &&
    (integrations?.includes(id) ?? true) &&
    (owners === undefined || (owner !== undefined && owners.includes(owner)))
  );
}
