import { Cron } from 'croner';
import type { Route } from '../core/channel-settings';

/** When a notice of this moment goes out by the digest; the moment itself where there is none. Milliseconds since 1970. */
export function nextDigest(digest: Route['digest'], at: number): number {
  if (digest === undefined) return at;
  const next = new Cron(digest.schedule, { mode: '5-part', timezone: digest.timeZone }).nextRun(new Date(at));
  return next?.getTime() ?? at;
}
