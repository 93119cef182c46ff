import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../src/base/random.ts';
import { thinkTimeMs } from '../../src/plan/think-time.ts';
import type { Think } from '../../src/scenario/traffic/traffic.ts';
import { exponentialCdf, meanOf, normalCdf, strayOf } from './statistics.ts';

const exponential = { law: 'exponential', meanMs: 500 } as const;
const lognormal = { law: 'lognormal', meanMs: 500, sigma: 0.8 } as const;
const pareto = { law: 'pareto', meanMs: 500, alpha: 1.5 } as const;

function sampleOf(think: Think, count = 3000): number[] {
  const random = makeRandom(11, 'think');
  return Array.from({ length: count }, () => thinkTimeMs(think, random(), random()));
}

describe('a think time', () => {
  it('is what was said where it is constant', () => {
    expect(thinkTimeMs({ law: 'constant', meanMs: 500 }, 0.3, 0.9)).toBe(500);
    expect(thinkTimeMs({ law: 'constant', meanMs: 0 }, 0.3, 0.9)).toBe(0);
  });

  it('is exponential', () => {
    expect(strayOf(sampleOf(exponential), exponentialCdf(500))).toBeLessThan(1.63);
  });

  it('is lognormal: its logarithm is normal around ln m - s^2 / 2', () => {
    const middle = Math.log(500) - 0.32;
    const cdf = (ms: number): number => normalCdf((Math.log(ms) - middle) / 0.8);
    expect(strayOf(sampleOf(lognormal), cdf)).toBeLessThan(1.63);
  });

  it('is pareto: never less than m (a - 1) / a, with a tail of x^-a', () => {
    const least = 500 / 3;
    const sample = sampleOf(pareto);
    expect(Math.min(...sample)).toBeGreaterThanOrEqual(least - 0.001);
    expect(strayOf(sample, (ms) => (ms < least ? 0 : 1 - (least / ms) ** 1.5))).toBeLessThan(1.63);
  });

  it.each<readonly [string, Think, number]>([
    ['exponential', exponential, 0.02],
    ['lognormal', lognormal, 0.02],
    // Of a tail of x^-1.5, a grid of a million cells leaves out the share 1e-6^(1/3), a hundredth.
    ['pareto', pareto, 0.02],
  ])('has the mean that was asked for: %s', (_, think, tolerance) => {
    // The midpoints of a grid in place of chance: the mean of a heavy tail settles too slowly.
    const cells = 1000;
    const wide = think.law === 'lognormal' ? cells : 1;
    const first = think.law === 'lognormal' ? cells : cells * cells;
    let sum = 0;
    for (let i = 0; i < first; i += 1)
      for (let j = 0; j < wide; j += 1) sum += thinkTimeMs(think, (i + 0.5) / first, (j + 0.5) / wide);
    expect(Math.abs(sum / (first * wide) / 500 - 1)).toBeLessThan(tolerance);
  });

  it('needs no second draw but where it is lognormal', () => {
    for (const think of [exponential, pareto])
      expect(thinkTimeMs(think, 0.4, 0.1)).toBe(thinkTimeMs(think, 0.4, 0.9));
    expect(thinkTimeMs(lognormal, 0.4, 0.1)).not.toBe(thinkTimeMs(lognormal, 0.4, 0.4));
  });

  it('is a finite number of whole microseconds for any draws', () => {
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const think = fc.constantFrom<Think>(exponential, lognormal, pareto, { ...lognormal, sigma: 5 });
    fc.assert(
      fc.property(think, draw, draw, (law, one, other) => {
        const ms = thinkTimeMs(law, one, other);
        expect(Number.isFinite(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(Math.round(ms * 1000) / 1000).toBe(ms);
      }),
    );
    expect(meanOf(sampleOf(exponential))).toBeGreaterThan(450);
  });
});
