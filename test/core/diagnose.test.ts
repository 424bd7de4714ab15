import type { Check } from '../../shared/core/check';
import { diagnoseAll } from '../../shared/core/diagnose';
import { blind, seen, type Reading } from '../../shared/core/reading';
import { exampleContext } from '../support/contexts';

interface Pair {
  readonly first: Reading<string>;
  readonly second: Reading<string>;
}

const cause = (id: string, field: keyof Pair, value: string, confidence: 'confirmed' | 'inferred') =>
  ({
    id,
    title: id,
    severity: 'critical',
    why: id,
    opensAfter: 1,
    match: (e: Pair) => {
      const reading = e[field];
      return reading.outcome === 'seen' && reading.value === value ? { confidence } : undefined;
    },
    remedy: [{ say: 'repair' }],
    sources: ['https://example.org'],
    examples: [{ says: '', evidence: {} }],
  }) as const;

const check = (id: string, field: keyof Pair, after: string[]): Check<Pair> => ({
  id,
  title: id,
  needs: [field],
  after,
  healthy: (e) => e[field].outcome === 'seen' && e[field].value === 'good',
  causes: [
    cause(`${id}-confirmed`, field, 'proven', 'confirmed'),
    cause(`${id}-inferred`, field, 'guessed', 'inferred'),
  ],
});

const CHECKS = [check('a', 'first', []), check('b', 'second', ['a']), check('c', 'second', ['b'])];
const nothing = blind('timeout', 'no answer in 5 s');

const verdicts = (first: Reading<string>, second: Reading<string>) =>
  [...diagnoseAll(CHECKS, { first, second }, exampleContext()).values()].map((d) => {
    if (d.verdict === 'diagnosed') return d.cause.id;
    return d.verdict === 'blocked' ? `blocked by ${d.by}` : d.verdict;
  });

describe('diagnose', () => {
  it.each([
    ['all proven good', seen('good'), seen('good'), ['healthy', 'healthy', 'healthy']],
    ['nothing seen is never green', nothing, nothing, ['unclear', 'unclear', 'unclear']],
    ['seen but unknown is never green', seen('odd'), seen('odd'), ['unclear', 'unclear', 'unclear']],
    [
      'a failed prerequisite blocks what cannot be seen',
      seen('proven'),
      nothing,
      ['a-confirmed', 'blocked by a', 'blocked by a'],
    ],
    [
      'health that is proven stands in spite of it',
      seen('guessed'),
      seen('good'),
      ['a-inferred', 'healthy', 'healthy'],
    ],
    [
      'an inferred cause yields to it',
      seen('proven'),
      seen('guessed'),
      ['a-confirmed', 'blocked by a', 'blocked by a'],
    ],
    ['a confirmed cause does not', seen('proven'), seen('proven'), ['a-confirmed', 'b-confirmed', 'c-confirmed']],
    ['an unclear prerequisite blocks nothing', nothing, seen('guessed'), ['unclear', 'b-inferred', 'blocked by b']],
  ])('%s', (_, first, second, expected) => {
    expect(verdicts(first, second)).toEqual(expected);
  });

  it('names what could not be seen, and why', () => {
    const [a] = diagnoseAll(CHECKS, { first: nothing, second: nothing }, exampleContext()).values();
    expect(a).toEqual({
      verdict: 'unclear',
      missing: [{ evidence: 'first', reason: 'timeout', detail: 'no answer in 5 s' }],
    });
  });
});
