import { planBatches, slices } from '../../shared/core/batches';
import { exampleIntegration } from '../support/contexts';

const mailboxes = (count: number, domain: string) =>
  Array.from({ length: count }, (_, i) => ({ address: `m${i}@${domain}` }));

describe('batches', () => {
  it('hold one integration each, at most ten mailboxes, and every mailbox once', () => {
    const fleet = [
      exampleIntegration({ id: 'a', mailboxes: mailboxes(23, 'a.com') }),
      exampleIntegration({ id: 'b', mailboxes: mailboxes(1, 'b.com') }),
    ];
    const batches = planBatches(fleet, 5);
    expect(batches.map(({ integrationId, mailboxes: some }) => [integrationId, some.length])).toEqual([
      ['a', 10],
      ['a', 10],
      ['a', 3],
      ['b', 1],
    ]);
    expect(new Set(batches.flatMap(({ mailboxes: some }) => some)).size).toBe(24);
    expect(batches.every(({ plannedAt }) => plannedAt === 5)).toBe(true);
  });

  it.each([
    [[], 3, []],
    [[1, 2, 3], 3, [[1, 2, 3]]],
    [[1, 2, 3, 4], 3, [[1, 2, 3], [4]]],
  ])('cuts %j into rows of %p', (items, size, expected) => {
    expect(slices<number>(items, size)).toEqual(expected);
  });
});
