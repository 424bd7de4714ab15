import { badgeOf, badgeSvg } from '../../shared/formats/badge';
import { STATUSES, type Status } from '../../shared/core/status';

const NONE = { critical: 0, warning: 0, unclear: 0, info: 0, healthy: 0 };

describe('the badge', () => {
  it.each<[string, Status, Partial<Record<Status, number>>, string]>([
    ['all is well', 'healthy', { healthy: 3 }, 'all well'],
    ['there is something to know', 'info', { info: 1, healthy: 3 }, 'all well'],
    ['some are broken', 'critical', { critical: 2, warning: 1, healthy: 9 }, '2 broken, 1 at risk'],
    ['some cannot be seen', 'unclear', { unclear: 4 }, '4 unclear'],
    ['Mailbox Watch itself is ill', 'critical', { healthy: 3 }, 'broken'],
    ['Mailbox Watch itself is ill, and a mailbox is at risk', 'critical', { warning: 1 }, 'broken, 1 at risk'],
    ['nothing is known', 'unclear', {}, 'unclear'],
  ])('says in words when %s', (_, status, counts, message) => {
    expect(badgeOf({ status, counts: { ...NONE, ...counts } })).toMatchObject({ schemaVersion: 1, message });
  });

  it('is an SVG that says the same, in its own colour for each', () => {
    const colors = STATUSES.map((status) => {
      const badge = badgeOf({ status, counts: { ...NONE, [status]: 1 } });
      const svg = badgeSvg(badge);
      expect(svg).toMatch(/^<svg [^]*<\/svg>$/);
      expect(svg).toContain(badge.message);
      expect(svg).toContain(badge.color);
      return badge.color;
    });
    // What is to be known is well.
    expect(new Set(colors).size).toBe(4);
  });
});
