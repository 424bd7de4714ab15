import { addToDays, lastDays, type Days } from '../../shared/core/days';
import type { Status } from '../../shared/core/report';
import { DAY, HOUR } from '../../shared/core/time';

const NOON = Date.UTC(2026, 10, 25, 12);

type Look = [days: number, status: Status];

/** The days after these looks; times are in days from noon. */
function after(...looks: readonly Look[]): Days | undefined {
  return looks.reduce<Days | undefined>((days, [at, status]) => addToDays(days, status, NOON + at * DAY), undefined);
}

it.each<[string, Look[], string]>([
  [
    'one letter a day',
    [
      [0, 'healthy'],
      [1, 'critical'],
      [2, 'warning'],
    ],
    'hcw',
  ],
  [
    'the worst of a day, whatever came after',
    [
      [0, 'healthy'],
      [0.1, 'critical'],
      [0.2, 'healthy'],
    ],
    'c',
  ],
  [
    'unclear above to know',
    [
      [0, 'info'],
      [0.1, 'unclear'],
    ],
    'u',
  ],
  [
    'a day without a look',
    [
      [0, 'healthy'],
      [3, 'healthy'],
    ],
    'h--h',
  ],
  [
    'a clock that stepped back',
    [
      [5, 'healthy'],
      [2, 'critical'],
    ],
    'c',
  ],
  [
    'months without a look',
    [
      [0, 'critical'],
      [500, 'healthy'],
    ],
    `${'-'.repeat(89)}h`,
  ],
])('keeps %s', (_, looks, worst) => {
  expect(after(...looks)?.worst).toBe(worst);
});

it('keeps 90 days', () => {
  const days = after(...Array.from({ length: 200 }, (_, i): Look => [i, i === 109 ? 'critical' : 'healthy']));
  expect(days?.worst).toBe('h'.repeat(90));
});

it('shows 90 days up to now, and no day that was not looked at as anything', () => {
  expect(lastDays(undefined, NOON)).toBe('-'.repeat(90));
  expect(lastDays(after([0, 'healthy'], [1, 'critical']), NOON + DAY)).toBe(`${'-'.repeat(88)}hc`);
  expect(lastDays(after([0, 'critical']), NOON + 2 * DAY)).toBe(`${'-'.repeat(87)}c--`);
  expect(lastDays(after([0, 'critical']), NOON - 40 * HOUR)).toBe(`${'-'.repeat(89)}c`);
});
