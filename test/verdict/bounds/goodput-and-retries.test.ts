import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/evidence/event.ts';
import { judgeGoodput, type GoodputInput } from '../../../src/verdict/bounds/b18-goodput-floor.ts';
import { judgeAmplification } from '../../../src/verdict/bounds/b21-retry-amplification.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { makeEvidence } from '../support/evidence-builder.ts';

const second = 1_000_000;

describe('B18 goodput-floor', () => {
  /** A minute at so many attempts a second, of which so many come to good; the capacity is 100/s. */
  const at = (attempts: number, good: number, change: Partial<GoodputInput> = {}) =>
    judgeGoodput({
      phase: 'stress',
      fromUs: 0,
      toUs: 60 * second,
      goodPerSec: Array.from({ length: 60 }, (_, index) => good + (index % 3) - 1),
      attemptsPerSec: Array.from({ length: 60 }, () => attempts),
      capacity: { value: 100, low: 98, high: 102 },
      seed: 1,
      ...change,
    });

  test.each([
    ['three times the capacity, and nothing lost but the turning away', 300, 95, 'PASS', 'hard'],
    ['three times the capacity, and a third of it lost', 300, 66, 'FAIL', 'hard'],
    ['right on the floor', 300, 89.5, 'INCONCLUSIVE', 'hard'],
    ['no overload', 140, 50, 'NOT_APPLICABLE', 'hard'],
    ['six times: the floor is lenient there', 600, 10, 'FAIL', 'soft'],
  ] as const)('%s', (_, attempts, good, status, severity) => {
    expect(at(attempts, good)).toMatchObject({ status, severity });
  });

  test('has the floor that rejection costs', () => {
    expect(at(300, 95).limit).toBeCloseTo(0.895, 3);
    expect(at(200, 95).limit).toBeCloseTo(0.947, 3);
  });

  test('needs half a minute, and is as unsure as the capacity is', () => {
    expect(at(300, 95, { goodPerSec: [95, 95], attemptsPerSec: [300, 300] }).status).toBe('INCONCLUSIVE');
    expect(at(300, 95, { capacity: { value: 100, low: 80, high: 120 } }).status).toBe('INCONCLUSIVE');
  });

  test('is judged only where the capacity was calibrated', () => {
    const found = judge(makeEvidence()).bounds.find(({ id }) => id === 'B18');
    expect(found).toMatchObject({ status: 'NOT_APPLICABLE', reason: 'the capacity was not calibrated' });
  });
});

describe('B21 retry-amplification', () => {
  const phase = { phase: 'burst', fromUs: 0, toUs: 10 * second };
  const connect = { sessions: 100, refused: 0, firstRefusedUs: null };

  test.each([
    ['less work under stress', { value: 0.6, low: 0.5, high: 0.7 }, 'PASS'],
    ['as much', { value: 1, low: 0.95, high: 1.1 }, 'PASS'],
    ['twice as much', { value: 2, low: 1.8, high: 2.2 }, 'FAIL'],
    ['nobody can tell', { value: 1.1, low: 0.9, high: 1.3 }, 'INCONCLUSIVE'],
  ] as const)('transactions an attempt: %s', (_, ratio, status) => {
    expect(judgeAmplification({ server: [{ ...phase, ratio }], connect }).status).toBe(status);
  });

  test.each([
    [9, 'PASS'],
    [14, 'INCONCLUSIVE'],
    [60, 'FAIL'],
  ] as const)('%i refused for a hundred sessions', (refused, status) => {
    const ratio = { value: 0.5, low: 0.4, high: 0.6 };
    const connects = { sessions: 100, refused, firstRefusedUs: 5 };
    expect(judgeAmplification({ server: [{ ...phase, ratio }], connect: connects }).status).toBe(status);
  });

  test('without a count of transactions only connects can break it', () => {
    expect(judgeAmplification({ server: null, connect }).status).toBe('NOT_APPLICABLE');
    expect(judgeAmplification({ server: null, connect: { ...connect, refused: 900 } }).status).toBe('FAIL');
    expect(judgeAmplification({ server: null, connect: null }).status).toBe('NOT_APPLICABLE');
  });

  /** Each second the links count so many transactions for each attempt that was let in. */
  const worked = (perSec: (ms: number) => number): RunEvent[] =>
    Array.from({ length: 55 }, (_, index) => ({
      kind: 'work',
      t_us: 3_000_000 + (index + 1) * second,
      from_us: 3_000_000 + index * second,
      service: 'api',
      revision: 'r1',
      instance: 'i1',
      transactions: perSec(index * 1000),
    }));
  const judged = (perSec: (ms: number) => number) => {
    const evidence = makeEvidence();
    const events = [...evidence.events, ...worked(perSec)].sort((a, b) => a.t_us - b.t_us);
    return judge({ ...evidence, events }).bounds.find(({ id }) => id === 'B21');
  };

  test('a service that turns a third away does less for each attempt', () => {
    const kept = judged((ms) => (ms >= 15_000 && ms < 25_000 ? 40 : 20));
    expect(kept?.status).toBe('PASS');
    expect(kept?.value).toBeCloseTo(0.667, 1);
  });

  test('one that tries three times inside does more, and nobody outside can see it but here', () => {
    expect(judged((ms) => (ms >= 15_000 && ms < 25_000 ? 180 : 20))?.status).toBe('FAIL');
  });
});
