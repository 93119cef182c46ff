import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../../src/base/random.ts';
import { uniformP } from '../../../src/verdict/statistics/kolmogorov.ts';
import { mannKendall } from '../../../src/verdict/statistics/mann-kendall.ts';
import { normalAbove, z95 } from '../../../src/verdict/statistics/normal.ts';
import { ratioOfRatios } from '../../../src/verdict/statistics/ratio-interval.ts';
import { theilSen } from '../../../src/verdict/statistics/theil-sen.ts';

describe('a trend', () => {
  test('by the signs of all differences, with ties', () => {
    expect(mannKendall([1, 2, 3, 4, 5]).s).toBe(10);
    // By the normal approximation with its correction: P(Z > 9 / sqrt(50 / 3)).
    expect(mannKendall([1, 2, 3, 4, 5]).risingP).toBeCloseTo(0.01375, 4);
    expect(mannKendall([5, 4, 3, 2, 1]).risingP).toBe(1);
    expect(mannKendall([2, 2, 2, 2, 2]).risingP).toBe(1);
    expect(mannKendall([0, 0, 0, 1, 2]).s).toBe(7);
  });

  test('is found by chance in no more than its share of even series', () => {
    const random = makeRandom(7, 'trend');
    const found = Array.from(
      { length: 2000 },
      () => mannKendall(Array.from({ length: 8 }, random)).risingP < 0.05,
    );
    expect(found.filter(Boolean).length / 2000).toBeLessThan(0.06);
  });
});

describe('a slope', () => {
  test('of a line is that line’s, and one outlier moves it by nothing', () => {
    const points = Array.from({ length: 20 }, (_, x) => ({ x, y: x === 7 ? 900 : 3 * x + 1 }));
    expect(theilSen(points)?.slope).toBeCloseTo(3, 9);
  });

  test('has an interval that holds the truth about as often as it says', () => {
    const random = makeRandom(3, 'slope');
    const held = Array.from({ length: 400 }, () => {
      const points = Array.from({ length: 20 }, (_, x) => ({ x, y: 0.5 * x + 8 * random() }));
      const { low = 0, high = 0 } = theilSen(points) ?? {};
      return low <= 0.5 && high >= 0.5;
    });
    expect(held.filter(Boolean).length / 400).toBeGreaterThan(0.92);
  });

  test('needs three points', () => {
    expect(
      theilSen([
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ]),
    ).toBeNull();
  });
});

test('the normal distribution has the points that everybody knows', () => {
  expect(normalAbove(0)).toBeCloseTo(0.5, 6);
  expect(normalAbove(z95)).toBeCloseTo(0.025, 6);
  expect(normalAbove(-z95)).toBeCloseTo(0.975, 6);
});

describe('uniform draws', () => {
  test('are taken for such, and others are not', () => {
    const random = makeRandom(11, 'uniform');
    const draws = Array.from({ length: 500 }, random);
    expect(uniformP(draws)).toBeGreaterThan(0.001);
    expect(uniformP(draws.map((draw) => draw ** 2))).toBeLessThan(1e-6);
    expect(uniformP(draws.map((draw) => 0.5 + draw / 2))).toBeLessThan(1e-6);
  });

  test('are refused at most as often as the level says', () => {
    const random = makeRandom(5, 'uniform');
    const refused = Array.from({ length: 2000 }, () => uniformP(Array.from({ length: 50 }, random)) < 0.05);
    expect(refused.filter(Boolean).length / 2000).toBeLessThan(0.065);
  });
});

describe('a ratio of ratios', () => {
  const series = (above: number, below: number) => ({
    above: Array.from({ length: 30 }, (_, index) => above + (index % 4)),
    below: Array.from({ length: 30 }, () => below),
  });

  test('lies within its interval, and is the same each time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }), (a, b) => {
        const ratio = ratioOfRatios(series(a, b), series(b, a), 1)!;
        expect(ratio.low).toBeLessThanOrEqual(ratio.value + 1e-9);
        expect(ratio.high).toBeGreaterThanOrEqual(ratio.value - 1e-9);
        expect(ratioOfRatios(series(a, b), series(b, a), 1)).toEqual(ratio);
      }),
      { numRuns: 20 },
    );
  });

  test('is none where nothing divides', () => {
    expect(ratioOfRatios(series(5, 5), { above: [0], below: [0] }, 1)).toBeNull();
  });
});
