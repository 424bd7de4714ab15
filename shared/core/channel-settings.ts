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
    | { readonly kind: 'email'; readonly from: string; readonly to: readonly string[] }
  );

export interface Route {
  readonly id: string;
  /** The least severity that is told here. */
  readonly severity: Severity;
  /** Ids of the integrations that are told of; all where absent. */
  readonly integrations?: readonly string[];
}

/** Whether a channel is told of this. What was told is also told to be over. */
export function wants({ severity, integrations }: Route, notice: Pick<Notice, 'severity' | 'integration'>): boolean {
  return (
    SEVERITIES.indexOf(notice.severity) <= SEVERITIES.indexOf(severity) &&
    (integrations?.includes(notice.integration.id) ?? true)
  );
}
