import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decideScale,
  startsForQueue,
  type FleetObservation,
  type IdleInstance,
  type ScalingSpec,
} from '../../src/platform/local/scaling.ts';

const minuteUs = 60_000_000;
const spec: ScalingSpec = {
  concurrency: 10,
  minInstances: 0,
  maxInstances: 10,
  targetUtilization: 0.6,
  surplusHoldUs: minuteUs,
  idleRetentionUs: 15 * minuteUs,
};
const quiet: FleetObservation = {
  queued: 0,
  starting: 0,
  ready: 0,
  stopping: 0,
  averageInFlight: 0,
  idle: [],
};
const idleFor = (id: string, minutes: number, preferred = false): IdleInstance => ({
  id,
  idleSinceUs: -minutes * minuteUs,
  preferred,
});

test.each([
  // queued, starting, ready, stopping -> starts
  [1, 0, 0, 0, 1], // from zero, by a request
  [10, 0, 0, 0, 1], // one instance takes ten
  [11, 0, 0, 0, 2],
  [10, 1, 0, 0, 0], // the one that is starting will take them
  [25, 1, 0, 0, 2], // 15 are uncovered
  [25, 0, 9, 0, 1], // the maximum
  [25, 0, 9, 1, 0], // one that is stopping still counts
  [0, 0, 3, 0, 0],
])('%i queued, %i starting, %i ready, %i stopping: %i more', (queued, starting, ready, stopping, starts) => {
  expect(startsForQueue({ queued, starting, ready, stopping }, spec)).toBe(starts);
});

test('the concurrency driver aims at 60 %: 50 in flight at concurrency 10 need nine', () => {
  const { start } = decideScale(0, { ...quiet, ready: 5, averageInFlight: 50 }, spec);
  expect(start).toEqual(['AUTOSCALING', 'AUTOSCALING', 'AUTOSCALING', 'AUTOSCALING']);
});

test('rounding in floating point asks for no instance more: 1.8 in flight at 0.6 x 3 need one', () => {
  const small = { ...spec, concurrency: 3 };
  expect(decideScale(0, { ...quiet, ready: 1, averageInFlight: 1.8 }, small).start).toEqual([]);
});

test('an average never wakes a fleet at zero, the minimum does', () => {
  expect(decideScale(0, { ...quiet, averageInFlight: 50 }, spec).start).toEqual([]);
  expect(decideScale(0, quiet, { ...spec, minInstances: 2 }).start).toEqual([
    'MIN_INSTANCES',
    'MIN_INSTANCES',
  ]);
});

test('surplus goes after the hold, but never below what is desired', () => {
  const seen = {
    ...quiet,
    ready: 4,
    averageInFlight: 7,
    idle: [idleFor('a', 2), idleFor('b', 3), idleFor('c', 0.5)],
  };
  expect(decideScale(0, seen, spec).stop).toEqual(['b', 'a']);
});

test('the last one stays until the retention is over, one of the minimum for good', () => {
  expect(decideScale(0, { ...quiet, ready: 1, idle: [idleFor('a', 14.9)] }, spec).stop).toEqual([]);
  expect(decideScale(0, { ...quiet, ready: 1, idle: [idleFor('a', 15)] }, spec).stop).toEqual(['a']);
  const one = { ...spec, minInstances: 1 };
  expect(decideScale(0, { ...quiet, ready: 1, idle: [idleFor('a', 99, true)] }, one).stop).toEqual([]);
});

test('of the idle ones, the minimum goes last', () => {
  const seen = { ...quiet, ready: 2, idle: [idleFor('a', 9, true), idleFor('b', 2)] };
  expect(decideScale(0, seen, spec).stop).toEqual(['b']);
});

test('never beyond the maximum, never below the minimum, and nobody busy is stopped', () => {
  const count = fc.integer({ min: 0, max: 12 });
  fc.assert(
    fc.property(
      count,
      count,
      count,
      count,
      fc.double({ min: 0, max: 500, noNaN: true }),
      fc.array(fc.double({ min: 0, max: 30, noNaN: true })),
      (min, starting, ready, stopping, averageInFlight, idleMinutes) => {
        const given = { ...spec, minInstances: Math.min(min, spec.maxInstances) };
        const idle = idleMinutes.slice(0, ready).map((minutes, index) => idleFor(String(index), minutes));
        const { start, stop } = decideScale(
          0,
          { ...quiet, starting, ready, stopping, averageInFlight, idle },
          given,
        );
        const all = starting + ready + stopping;
        expect(start.length).toBeLessThanOrEqual(Math.max(0, spec.maxInstances - all));
        expect(starting + ready - stop.length).toBeGreaterThanOrEqual(
          Math.min(given.minInstances, starting + ready),
        );
        expect(idle.map(({ id }) => id)).toEqual(expect.arrayContaining([...stop]));
      },
    ),
  );
});
