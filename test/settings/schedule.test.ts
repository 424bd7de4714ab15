import { scheduleProblem, staleBefore } from '../../shared/settings/schedule';

describe('a schedule', () => {
  it.each([
    '0 */5 * * * *',
    '  0   */5 * * * *  ',
    '0 5/15 * * * *',
    '30 0,15,30-45/5 8-18 * * MON-FRI',
    '0 0 0 1 jan,Jul *',
    '0 0 6 29 2 *',
    '0 0 0 1-7 * 1',
    '0 0 0 * * */7',
  ])('is taken as Azure takes it: %s', (schedule) => {
    expect(scheduleProblem(schedule)).toBeUndefined();
  });

  it.each([
    ['', /is not set; expected a schedule with six fields, such as 0 \*\/5 \* \* \* \*/],
    ['   ', /is not set/],
    ['00:05:00', /is a time span, which Azure takes on App Service plans only; expected six fields/],
    ['1.00:00:00', /is a time span/],
    ['*/5 * * * *', /has 5 fields; expected six/],
    ['0 0 0 * * * 2026', /has 7 fields/],
    ['@hourly', /has 1 fields/],
    ['0 0 0 L * *', /has the field "L"/],
    ['0 0 0 15W * *', /has the field "15W"/],
    ['0 0 0 ? * *', /has the field "\?"/],
    ['0 0 0 * * MON#2', /has the field "MON#2"/],
    ['0 0 0 * * +MON', /has the field "\+MON"/],
    ['0 0 0 * * Monday', /has the field "Monday"; expected numbers, three-letter names/],
    ['0 /15 * * * *', /has the field "\/15"/],
    ['0 1,,2 * * * *', /has the field "1,,2"/],
    ['0 0 0 * * 7', /has the weekday 7; expected 0 to 6, and 0 for Sunday/],
    ['0 0 0 * * 1-7', /has the weekday 7/],
    ['60 * * * * *', /is no schedule/],
    ['0 0 25 * * *', /is no schedule/],
    ['0 */0 * * * *', /is no schedule/],
    ['0 0 0 * XYZ *', /is no schedule/],
    ['0 0 0 31 2 *', /names no day that exists/],
  ])('that Azure would not run is refused with what to write: %s', (schedule, message) => {
    expect(scheduleProblem(schedule)).toMatch(message);
  });
});

describe('what is stale', () => {
  it.each([
    ['between two ticks', '0 */5 * * * *', '2026-11-25T12:03:00.000Z', '2026-11-25T11:55:00Z'],
    ['at a tick, which counts', '0 */5 * * * *', '2026-11-25T12:05:00.000Z', '2026-11-25T12:00:00Z'],
    ['just before a tick', '0 */5 * * * *', '2026-11-25T12:04:59.999Z', '2026-11-25T11:55:00Z'],
    ['just after a tick', '0 */5 * * * *', '2026-11-25T12:05:00.001Z', '2026-11-25T12:00:00Z'],
    ['over the night', '0 0 8-18 * * *', '2026-11-25T08:30:00Z', '2026-11-24T18:00:00Z'],
    ['over the weekend', '0 0 9 * * MON-FRI', '2026-11-23T10:00:00Z', '2026-11-20T09:00:00Z'],
    ['uneven minutes', '0 0,50 * * * *', '2026-11-25T12:10:00Z', '2026-11-25T11:50:00Z'],
    ['day and weekday both', '0 0 0 13 * FRI', '2026-11-25T00:00:00Z', '2026-03-13T00:00:00Z'],
    ['the leap day', '0 0 0 29 2 *', '2026-11-25T00:00:00Z', '2020-02-29T00:00:00Z'],
    // Europe's clocks went back on 2026-10-25, and forward on 2026-03-29.
    ['UTC knows no summer time (autumn)', '0 30 * * * *', '2026-10-25T01:45:00Z', '2026-10-25T00:30:00Z'],
    ['UTC knows no summer time (spring)', '0 30 * * * *', '2026-03-29T03:00:00Z', '2026-03-29T01:30:00Z'],
  ])('counts two ticks back: %s', (_, schedule, now, expected) => {
    expect(new Date(staleBefore(schedule, Date.parse(now)))).toEqual(new Date(expected));
  });

  it('cannot be told of a schedule that never comes', () => {
    expect(() => staleBefore('0 0 0 31 2 *', Date.now())).toThrow('has no two ticks in the past');
  });
});
