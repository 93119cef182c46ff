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

test('weighs each level by how long it lasted, over the 59 whole seconds before this one and what has passed of it', () => {
  const average = new InFlightAverage(0, 60_000);
  average.set(0, 30);
  average.set(90 * secondUs, 0);
  // From 31 s on: 59 s of 30 until 90 s, then half a second of nothing.
  expect(average.average(90.5 * secondUs)).toBeCloseTo((59 * 30) / 59.5);
  // From 61 s on.
  expect(average.average(120.5 * secondUs)).toBeCloseTo((29 * 30) / 59.5);
  expect(average.average(150.5 * secondUs)).toBe(0);
});

test('is the level itself at the first moment', () => {
  const average = new InFlightAverage(5 * secondUs, 60_000);
  average.set(5 * secondUs, 7);
  expect(average.average(5 * secondUs)).toBe(7);
});

test('knows a level that lasted for hours without a change', () => {
  const average = new InFlightAverage(0, 60_000);
  average.set(0, 4);
  expect(average.average(5 * 3600 * secondUs)).toBeCloseTo(4);
});

test('works for a clock that starts before zero', () => {
  const average = new InFlightAverage(-30 * secondUs, 60_000);
  average.set(-30 * secondUs, 6);
  average.set(-10 * secondUs, 0);
  expect(average.average(10 * secondUs)).toBeCloseTo(3);
});
