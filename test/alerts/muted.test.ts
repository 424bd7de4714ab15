import { mutesAt } from '../../shared/alerts/muted';
import { nextDigest } from '../../shared/alerts/digest';
import { addSilence, endSilence, loadSilences } from '../../shared/alerts/silences';
import type { MaintenanceWindow, Silence } from '../../shared/core/muting';
import type { Subject } from '../../shared/core/subject';
import { HOUR } from '../../shared/core/time';
import { memoryStore } from '../../shared/store/memory-store';

const subject: Subject = { kind: 'mailbox', integrationId: 'desk', mailbox: 'hr@contoso.com' };
const of = { subject, cause: 'imap-disabled' };
const NOW = Date.UTC(2026, 10, 25, 12);
const NONE = { maintenance: [], ignore: [] };

const silence = (match: Silence['match'], until = NOW + HOUR): Silence => ({
  id: 's1',
  match,
  until,
  reason: 'being repaired',
  author: 'rob',
  createdAt: NOW,
});
const windowOf = (changes: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  schedule: '0 2 * * SUN',
  durationMs: 2 * HOUR,
  timeZone: 'Europe/Berlin',
  reason: 'patches',
  ...changes,
});
const at = (iso: string) => Date.parse(iso);

describe('what holds notices back', () => {
  it.each([
    ['everything', {}, true],
    ['its integration', { integration: 'desk' }, true],
    ['its mailbox', { subject: 'hr@contoso.com' }, true],
    ['its cause', { cause: 'imap-disabled' }, true],
    ['all of them', { integration: 'desk', subject: 'hr@contoso.com', cause: 'imap-disabled' }, true],
    ['another integration', { integration: 'jira' }, false],
    ['another cause of its mailbox', { subject: 'hr@contoso.com', cause: 'imap-throttled' }, false],
  ])('a silence of %s', (_, match, isMuted) => {
    expect(mutesAt(NONE, [silence(match)], NOW)(of) !== undefined).toBe(isMuted);
  });

  it('a silence ends at its moment', () => {
    const ending = silence({}, NOW + HOUR);
    expect(mutesAt(NONE, [ending], NOW + HOUR - 1)(of)).toEqual({
      by: 'silence',
      reason: 'being repaired',
      author: 'rob',
      until: NOW + HOUR,
    });
    expect(mutesAt(NONE, [ending], NOW + HOUR)(of)).toBeUndefined();
  });

  it.each([
    // Sundays 02:00 to 04:00 in Berlin, which is UTC+1 in winter and UTC+2 in summer.
    ['2026-11-29T00:59:59Z', undefined],
    ['2026-11-29T01:00:00Z', '2026-11-29T03:00:00Z'],
    ['2026-11-29T02:59:59Z', '2026-11-29T03:00:00Z'],
    ['2026-11-29T03:00:00Z', undefined],
    ['2026-07-05T00:00:00Z', '2026-07-05T02:00:00Z'],
    ['2026-07-05T02:00:00Z', undefined],
    ['2026-11-30T01:30:00Z', undefined],
  ])('a maintenance window by the clock of its time zone: %s', (moment, until) => {
    const muted = mutesAt({ ...NONE, maintenance: [windowOf()] }, [], at(moment))(of);
    expect(muted?.until).toBe(until === undefined ? undefined : at(until));
  });

  it('a window on the night that the clocks change lasts as long as it says', () => {
    // On 25 October 2026 the hour from 02:00 to 03:00 comes twice in Berlin; on 29 March it does not come.
    const autumn = windowOf({ schedule: '30 1 * * *', durationMs: 3 * HOUR });
    const begins = at('2026-10-24T23:30:00Z');
    const muted = (moment: number) => mutesAt({ ...NONE, maintenance: [autumn] }, [], moment)(of);
    expect(muted(begins)?.until).toBe(begins + 3 * HOUR);
    expect(muted(begins + 3 * HOUR - 1)).toBeDefined();
    expect(muted(begins + 3 * HOUR)).toBeUndefined();
    const spring = windowOf({ schedule: '30 2 * * *', durationMs: HOUR });
    const duringNight = mutesAt({ ...NONE, maintenance: [spring] }, [], at('2026-03-29T01:40:00Z'))(of);
    // What begins at a time that does not exist begins when the clock has passed it.
    expect(duringNight).toBeDefined();
  });

  it('a window of other integrations does not', () => {
    const maintenance = [windowOf({ schedule: '* * * * *', integrations: ['jira'] })];
    expect(mutesAt({ ...NONE, maintenance }, [], NOW)(of)).toBeUndefined();
  });

  it('an ignore list does for good', () => {
    const ignore = [{ match: { cause: 'imap-disabled' }, reason: 'on purpose' }];
    expect(mutesAt({ ...NONE, ignore }, [], NOW)(of)).toEqual({ by: 'ignore', reason: 'on purpose' });
  });
});

describe('silences', () => {
  it('are kept until they end or are ended', async () => {
    const store = memoryStore();
    const wanted = { match: { integration: 'desk' }, reason: 'move', author: 'rob' };
    const short = await addSilence(store, { ...wanted, until: NOW + HOUR }, NOW);
    const long = await addSilence(store, { ...wanted, until: NOW + 2 * HOUR }, NOW);
    expect((await loadSilences(store, NOW)).map(({ id }) => id)).toEqual([short.id, long.id]);
    expect((await loadSilences(store, NOW + HOUR)).map(({ id }) => id)).toEqual([long.id]);
    expect(await endSilence(store, long.id, NOW)).toBe(true);
    expect(await endSilence(store, long.id, NOW)).toBe(false);
    expect((await loadSilences(store, NOW)).map(({ id }) => id)).toEqual([short.id]);
  });
});

it('a digest waits for its next moment by the clock of its time zone', () => {
  const digest = { schedule: '0 8 * * MON-FRI', timeZone: 'Europe/Berlin' };
  expect(nextDigest(digest, at('2026-11-25T12:00:00Z'))).toBe(at('2026-11-26T07:00:00Z'));
  expect(nextDigest(digest, at('2026-11-27T12:00:00Z'))).toBe(at('2026-11-30T07:00:00Z'));
  expect(nextDigest(undefined, 5)).toBe(5);
});
