import { DAY } from '../core/time';
import { STATUS_NAMES } from './marks';

const NAMES: Readonly<Record<string, string>> = {
  c: STATUS_NAMES.critical,
  w: STATUS_NAMES.warning,
  u: STATUS_NAMES.unclear,
  i: STATUS_NAMES.info,
  h: STATUS_NAMES.healthy,
};

/** One stripe a day, the newest on the right; days of one kind in a row are one shape, so that a large page stays small. */
export function DayBar({ days, now }: { days: string; now: number }) {
  return (
    <svg class="days" viewBox={`0 0 ${days.length} 8`} preserveAspectRatio="none" role="img" aria-label={inWords(days)}>
      {stretchesOf(days).map(({ letter, from, length }) => (
        <rect
          class={letter === '-' ? undefined : letter}
          x={from}
          y={letter === '-' ? 3.5 : 0}
          width={length}
          height={letter === '-' ? 1 : 8}
        >
          <title>{`${NAMES[letter] ?? 'Not looked at'}: ${spanOf(from, length, days.length, now)}`}</title>
        </rect>
      ))}
    </svg>
  );
}

interface Stretch {
  readonly letter: string;
  readonly from: number;
  readonly length: number;
}

function stretchesOf(days: string): Stretch[] {
  return [...days.matchAll(/(.)\1*/g)].map(({ 0: run, index }) => ({
    letter: run.charAt(0),
    from: index,
    length: run.length,
  }));
}

function spanOf(from: number, length: number, total: number, now: number): string {
  const date = (index: number) => new Date(now - (total - 1 - index) * DAY).toISOString().slice(0, 10);
  return length === 1 ? date(from) : `${date(from)} to ${date(from + length - 1)}`;
}

/** "Last 90 days: 3 Broken, 80 Healthy, 7 not looked at". */
function inWords(days: string): string {
  const counts = Object.keys({ ...NAMES, '-': '' }).map(
    (letter) => [NAMES[letter] ?? 'not looked at', days.split(letter).length - 1] as const,
  );
  const said = counts.filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
  return `Last ${days.length} days: ${said.join(', ')}`;
}
