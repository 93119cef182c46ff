import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanByBlocks } from '../../src/base/block-bootstrap.ts';
import { makeRandom } from '../../src/base/random.ts';

const by = { seed: 7, stream: 'test' };

describe('the mean of a series with its interval by blocks', () => {
  it('holds the mean between its ends, and nothing that the series has not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (series, block) => {
          const { mean, low, high } = meanByBlocks(series, block, by);
          expect(mean).toBeCloseTo(series.reduce((sum, one) => sum + one, 0) / series.length);
          expect(low).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(Math.min(...series));
          expect(high).toBeLessThanOrEqual(Math.max(...series));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same for the same seed, and a point where nothing varies', () => {
    const series = [80, 81, 79, 82, 78, 80, 83, 77];
    expect(meanByBlocks(series, 5, by)).toEqual(meanByBlocks(series, 5, by));
    expect(meanByBlocks([5, 5, 5, 5], 2, by)).toEqual({ mean: 5, low: 5, high: 5 });
    expect(meanByBlocks([], 5, by)).toEqual({ mean: 0, low: 0, high: 0 });
  });

  it('covers the true mean about as often as it says, and is wider where neighbours are alike', () => {
    const random = makeRandom(3, 'series');
    const widths = { single: 0, alike: 0 };
    let covered = 0;
    const rounds = 80;
    for (let round = 0; round < rounds; round += 1) {
      const stream = String(round);
      const series = Array.from({ length: 60 }, () => random());
      const { low, high } = meanByBlocks(series, 5, { seed: 1, stream });
      if (low <= 0.5 && 0.5 <= high) covered += 1;
      // Twelve draws, each five times: sixty values that tell no more than twelve.
      const alike = Array.from({ length: 60 }, (_, index) => series[Math.floor(index / 5)] ?? 0);
      const wide = meanByBlocks(alike, 5, { seed: 1, stream });
      widths.single += high - low;
      widths.alike += wide.high - wide.low;
    }
    expect(covered / rounds).toBeGreaterThan(0.82);
    expect(widths.alike).toBeGreaterThan(1.6 * widths.single);
  });
});
