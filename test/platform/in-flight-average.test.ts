import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InFlightAverage } from '../../src/platform/local/fleet/in-flight-average.ts';

const secondUs = 1_000_000;

test('is over what has passed until a window is full', () => {
  const average = new InFlightAverage(0, 60_000);
  average.set(0, 10);
  average.set(10 * secondUs, 0);
  expect(average.average(20 * secondUs)).toBeCloseTo(5);
});

test('forgets what is older than the window', () => {
  const average = new InFlightAverage(0, 60_000);
  average.set(0, 100);
  average.set(60 * secondUs, 6);
  expect(average.average(180 * secondUs)).toBeCloseTo(6);
});

test('stays between the lowest and the highest level, for windows of any length', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 7, max: 60_000 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000_000 }), fc.integer({ min: 0, max: 99 })), {
        minLength: 1,
      }),
      (windowMs, changes) => {
        const average = new InFlightAverage(0, windowMs);
        let nowUs = 0;
        for (const [stepUs, level] of changes) {
          nowUs += stepUs;
          average.set(nowUs, level);
        }
        const highest = Math.max(0, ...changes.map(([, level]) => level));
        const value = average.average(nowUs + 1);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(highest + 1e-6);
      },
    ),
  );
});
