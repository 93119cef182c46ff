import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { goodputFloor } from '../../../src/contract/thresholds.ts';
import { binomialAtLeast, binomialAtMost, shareAtMost } from '../../../src/verdict/statistics/binomial.ts';
import { correlation } from '../../../src/verdict/statistics/correlation.ts';
import { chanceSeen, upperShareAfterNone } from '../../../src/verdict/statistics/detection.ts';
import { confidenceOfMax, quantile } from '../../../src/verdict/statistics/quantile.ts';
import { wilson } from '../../../src/verdict/statistics/wilson.ts';

interface Vector {
  readonly id: string;
  readonly inputs: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, number>>;
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../vectors/queueing.json', import.meta.url), 'utf8'),
) as { readonly vectors: readonly Vector[] };

function of(family: RegExp): [string, Vector][] {
  return vectors.filter(({ id }) => family.test(id)).map((vector) => [vector.id, vector]);
}

/** The vectors are given to seven digits. */
function expectNear(value: number, wanted: number | undefined): void {
  expect(Math.abs(value / wanted! - 1)).toBeLessThan(1e-4);
}

describe('the statistics vectors', () => {
  test.each(of(/^QMIN-/))(
    '%s: the smallest sample whose maximum bounds the quantile',
    (_, { inputs, outputs }) => {
      const n = outputs.nOneSided!;
      expect(confidenceOfMax(n, inputs.q!)).toBeGreaterThanOrEqual(inputs.conf!);
      expect(confidenceOfMax(n - 1, inputs.q!)).toBeLessThan(inputs.conf!);
    },
  );

  test.each(of(/^QCI-/))('%s: the coverage of an order-statistic interval', (_, { inputs, outputs }) => {
    const { l, u, coverage } = outputs;
    expectNear(
      binomialAtMost(u! - 1, inputs.n!, inputs.q!) - binomialAtMost(l! - 1, inputs.n!, inputs.q!),
      coverage,
    );
  });

  test.each(of(/^ZERO-/))('%s: what clean runs leave open', (_, { inputs, outputs }) => {
    expectNear(upperShareAfterNone(inputs.cleanRuns!), outputs.upper95);
  });

  test.each(of(/^RUNS-/))('%s: so many clean runs are needed, and no fewer', (_, { inputs, outputs }) => {
    const runs = outputs.runs!;
    expect(upperShareAfterNone(runs)).toBeLessThanOrEqual(inputs.pmax!);
    expect(upperShareAfterNone(runs - 1)).toBeGreaterThan(inputs.pmax!);
  });

  test.each(of(/^SAMPLER-ZERO-/))('%s: what clean samples leave open', (_, { inputs, outputs }) => {
    expectNear(upperShareAfterNone(inputs.samples!), outputs.upperTimeFraction);
  });

  test.each(of(/^SAMPLER-0/))('%s: the chance that sampling sees an episode', (_, { inputs, outputs }) => {
    expectNear(chanceSeen(inputs.episode_s!, inputs.period_s!, inputs.episodes!), outputs.pDetect);
  });

  test.each(of(/^SHED-/))('%s: the goodput that rejection must leave', (_, { inputs, outputs }) => {
    expectNear(goodputFloor(inputs.overload!, inputs.kappa), outputs.goodputFraction);
  });
});

describe('a binomial tail', () => {
  test('is what counting heads of three coins says', () => {
    expect(binomialAtMost(1, 3, 0.5)).toBeCloseTo(0.5, 12);
    expect(binomialAtLeast(3, 3, 0.5)).toBeCloseTo(0.125, 12);
  });

  test('survives where the first term alone underflows', () => {
    expect(binomialAtMost(30_000, 3_000_000, 0.01)).toBeGreaterThan(0.49);
  });

  test('has two sides that add up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.nat(400),
        fc.double({ min: 0.001, max: 0.9, noNaN: true }),
        (n, k, p) => {
          expect(binomialAtMost(k, n, p) + binomialAtLeast(k + 1, n, p)).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  test('tells a share from 1 % only when the counts allow it', () => {
    expect(shareAtMost(0, 3, 0.01)).toBe('yes');
    expect(shareAtMost(4, 400, 0.01)).toBe('unknown');
    expect(shareAtMost(10, 400, 0.01)).toBe('no');
    expect(shareAtMost(2, 1000, 0.01)).toBe('yes');
  });
});

describe('a quantile', () => {
  test('is a value that occurred', () => {
    expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
    expect(quantile([5, 1, 4, 2, 3], 0.99)).toBe(5);
    expect(quantile([], 0.5)).toBeNull();
  });

  test('is exceeded by no more than its share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, q) => {
          const at = quantile(values, q)!;
          expect(values.filter((value) => value > at).length).toBeLessThanOrEqual(
            (1 - q) * values.length + 1e-9,
          );
        },
      ),
    );
  });
});

describe('a Wilson interval', () => {
  test('holds the share and narrows with the count', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, share) => {
          const good = Math.round(share * n);
          const { low, high } = wilson(good, n);
          expect(low).toBeLessThanOrEqual(good / n + 1e-12);
          expect(high).toBeGreaterThanOrEqual(good / n - 1e-12);
          const wider = high - low;
          const narrow = wilson(100 * good, 100 * n);
          expect(narrow.high - narrow.low).toBeLessThan(wider);
        },
      ),
    );
  });

  test('of 90 good in 100 reaches 95 %, of 90 in 1000 it does not', () => {
    expect(wilson(90, 100).high).toBeGreaterThan(0.95);
    expect(wilson(900, 1000).high).toBeLessThan(0.95);
  });
});

test('a correlation is 1 for a line, -1 for a falling one, unknown where nothing varies', () => {
  expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
  expect(correlation([1, 2, 3], [6, 4, 2])).toBeCloseTo(-1, 12);
  expect(correlation([1, 1, 1], [6, 4, 2])).toBeNull();
});
