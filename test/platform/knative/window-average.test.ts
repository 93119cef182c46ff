import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WindowAverage } from '../../../src/platform/local/knative/window-average.ts';

const secondUs = 1_000_000;

test('a linear average without silence lies between the least and the largest of its window', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 150 }),
      (seconds, loads) => {
        const average = new WindowAverage(seconds * 1000, 'linear');
        for (const [second, load] of loads.entries()) average.record(second * secondUs, load);
        const value = average.average((loads.length - 1) * secondUs);
        const inWindow = loads.slice(-seconds);
        expect(value).toBeGreaterThanOrEqual(Math.min(...inWindow) - 1e-6);
        expect(value).toBeLessThanOrEqual(Math.max(...inWindow) + 1e-6);
      },
    ),
  );
});

test('with gaps and late records, either average lies between zero and the largest second', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('linear' as const, 'weighted-exponential' as const),
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.tuple(fc.integer({ min: -5, max: 40 }), fc.double({ min: 0, max: 100, noNaN: true })), {
        minLength: 1,
        maxLength: 60,
      }),
      fc.integer({ min: 0, max: 40 }),
      (aggregation, seconds, records, silent) => {
        const average = new WindowAverage(seconds * 1000, aggregation);
        const sums = new Map<number, number>();
        let second = 0;
        for (const [step, load] of records) {
          second = Math.max(0, second + step);
          average.record(second * secondUs, load);
          sums.set(second, (sums.get(second) ?? 0) + load);
        }
        const value = average.average((Math.max(...sums.keys()) + silent) * secondUs);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(Math.max(...sums.values()) + 1e-6);
        if (silent >= seconds && aggregation === 'linear') expect(value).toBe(0);
      },
    ),
  );
});

test('the average of a second is rounded to six decimals', () => {
  const average = new WindowAverage(3_000, 'linear');
  average.record(0, 1);
  average.record(1 * secondUs, 0);
  average.record(2 * secondUs, 0);
  expect(average.average(2 * secondUs)).toBe(0.333333);
});
