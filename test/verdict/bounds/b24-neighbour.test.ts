import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeNeighbour } from '../../../src/verdict/bounds/b24-neighbour.ts';

const at = (second: number, tookMs = 5, error: string | null = null) => ({
  tUs: second * 1_000_000,
  ok: error === null,
  tookMs,
  error,
});

const clean = (count: number) => Array.from({ length: count }, (_, second) => at(second));

const judged = (tries: ReturnType<typeof clean>, excuses: { fromUs: number; toUs: number }[] = []) =>
  judgeNeighbour({ tries, limitMs: 1000, excuses, windows: [] });

describe('the canary of another service', () => {
  it('says how sure so many clean tries make of its 99th percentile', () => {
    expect(judged(clean(30))).toMatchObject({ status: 'PASS', n: 30 });
    expect(judged(clean(30)).confidence).toBeCloseTo(0.2603, 4);
    expect(judged(clean(298)).confidence).toBeLessThan(0.95);
    expect(judged(clean(299)).confidence).toBeGreaterThan(0.95);
  });

  it('may be slow as often as chance has it at one in a hundred, and fails in none', () => {
    const late = (count: number) => Array.from({ length: count }, (_, index) => at(60 + index, 1001));
    expect(judged([...clean(60), ...late(1)]).status).toBe('INCONCLUSIVE');
    expect(judged([...clean(1000), ...late(4)]).status).toBe('PASS');
    const slow = judged([...clean(60), ...late(4)]);
    expect(slow).toMatchObject({ status: 'FAIL', value: 1001, limit: 1000, witness: { fromUs: 60_000_000 } });
    const refused = judged([...clean(500), at(500, 3, 'sorry, too many clients already')]);
    expect(refused).toMatchObject({ status: 'FAIL', unit: 'count', value: 1, limit: 0 });
  });

  it('is excused by a declared outage, and by nothing else', () => {
    const during = at(10, 40, 'the database system is starting up');
    const outage = { fromUs: 9_000_000, toUs: 11_000_000 };
    expect(judged([...clean(9), during], [outage]).status).toBe('PASS');
    expect(judged([...clean(9), during]).status).toBe('FAIL');
  });

  it('does not apply where nobody could try, and is inconclusive where nobody did', () => {
    expect(judged([]).status).toBe('NOT_APPLICABLE');
    const windows = [{ name: 'burst', fromUs: 20_000_000, toUs: 30_000_000 }];
    const blind = judgeNeighbour({ tries: clean(10), limitMs: 1000, excuses: [], windows });
    expect(blind).toMatchObject({ status: 'INCONCLUSIVE', reason: 'no neighbour tried in phase burst' });
  });

  it('needs more tries to be as sure, the more of them were slow', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 3000 }), fc.integer({ min: 0, max: 3 }), (n, slow) => {
        const some = (count: number) =>
          judged([...clean(n - count), ...Array.from({ length: count }, () => at(n, 2000))]).confidence;
        expect(some(slow) ?? 1).toBeGreaterThan(some(slow + 1) ?? 0);
      }),
    );
  });
});
