import type { Status } from '../core/report';

const GLYPHS: Readonly<Record<Status, string>> = { critical: '✕', warning: '!', unclear: '?', info: 'i', healthy: '✓' };

/** What a status is called on a page. */
export const STATUS_NAMES: Readonly<Record<Status, string>> = {
  critical: 'Broken',
  warning: 'Warning',
  unclear: 'Unclear',
  info: 'To know',
  healthy: 'Healthy',
};

/** A status as sign and word: colour alone tells nothing. */
export function StatusMark({ status }: { status: Status }) {
  return (
    <span class={`mark ${status}`}>
      <i aria-hidden="true">{GLYPHS[status]}</i>
      {STATUS_NAMES[status]}
    </span>
  );
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "3 days ago", "in 5 hours", "now". */
function relativeTime(at: number, now: number): string {
  const [unit, length] = UNITS.find(([, ms]) => Math.abs(at - now) >= ms) ?? ['second', 1000];
  return Math.abs(at - now) < 60_000 ? 'just now' : RELATIVE.format(Math.trunc((at - now) / length), unit);
}

/** A moment in words, with the exact time to machines and on hovering. `at` is ISO 8601 or milliseconds since 1970. */
export function Moment({ at, now }: { at: string | number; now: number }) {
  const iso = new Date(at).toISOString();
  return (
    <time datetime={iso} title={`${iso.slice(0, 16).replace('T', ' ')} UTC`}>
      {relativeTime(Date.parse(iso), now)}
    </time>
  );
}
