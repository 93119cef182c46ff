import fc from 'fast-check';
import { expect, test } from 'vitest';
import type {
  FleetObservation,
  ReadyInstance,
  ScalingDecision,
  ScalingLimits,
} from '../../src/platform/local/fleet/scaler.ts';
import * as scaling from '../../src/platform/local/fleet/scaling.ts';

const minuteUs = 60_000_000;
const spec: ScalingLimits = { concurrency: 10, minInstances: 0, maxInstances: 10 };
const times: scaling.ScalingTimes = {
  targetUtilization: 0.6,
  surplusHoldUs: minuteUs,
  idleRetentionUs: 15 * minuteUs,
};
type Seen = Partial<FleetObservation> & { readonly averageInFlight?: number };
const quiet: Seen = {};

function decideScale({ averageInFlight = 0, ...seen }: Seen, limits: ScalingLimits): ScalingDecision {
  const observed = { queued: 0, inFlight: 0, starting: 0, ready: 0, stopping: 0, members: [], ...seen };
  return scaling.decideScale(0, averageInFlight, { ...observed, reachable: true }, limits, times);
}

const idleFor = (id: string, minutes: number, preferred = false): ReadyInstance => ({
  id,
  inFlight: 0,
  idleSinceUs: -minutes * minuteUs,
  preferred,
});
const busy = (id: string): ReadyInstance => ({
  id,
  inFlight: 1,
  idleSinceUs: -99 * minuteUs,
  preferred: false,
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
  expect(scaling.startsForQueue({ queued, starting, ready, stopping }, spec)).toBe(starts);
});

test('the concurrency driver aims at 60 %: 50 in flight at concurrency 10 need nine', () => {
  const { start } = decideScale({ ...quiet, ready: 5, averageInFlight: 50 }, spec);
  expect(start).toEqual(['AUTOSCALING', 'AUTOSCALING', 'AUTOSCALING', 'AUTOSCALING']);
});

test('rounding in floating point asks for no instance more: 1.8 in flight at 0.6 x 3 need one', () => {
  const small = { ...spec, concurrency: 3 };
  expect(decideScale({ ...quiet, ready: 1, averageInFlight: 1.8 }, small).start).toEqual([]);
});

test('an average never wakes a fleet at zero, the minimum does', () => {
  expect(decideScale({ ...quiet, averageInFlight: 50 }, spec).start).toEqual([]);
  expect(decideScale(quiet, { ...spec, minInstances: 2 }).start).toEqual(['MIN_INSTANCES', 'MIN_INSTANCES']);
});

test('surplus goes after the hold, but never below what is desired', () => {
  const seen = {
    ...quiet,
    ready: 4,
    averageInFlight: 7,
    members: [idleFor('a', 2), idleFor('b', 3), idleFor('c', 0.5)],
  };
  expect(decideScale(seen, spec).stop).toEqual(['b', 'a']);
});

test('once all have been idle for the retention, an average that has not caught up keeps none of them', () => {
  const seen = { ...quiet, ready: 2, averageInFlight: 30, members: [idleFor('a', 16), idleFor('b', 15)] };
  expect(decideScale(seen, spec).stop).toEqual(['a', 'b']);
  const working = { ...seen, ready: 3, members: [...seen.members, busy('c')] };
  expect(decideScale(working, spec).stop).toEqual([]);
});

test('the last one stays until the retention is over, one of the minimum for good', () => {
  expect(decideScale({ ...quiet, ready: 1, members: [idleFor('a', 14.9)] }, spec).stop).toEqual([]);
  expect(decideScale({ ...quiet, ready: 1, members: [idleFor('a', 15)] }, spec).stop).toEqual(['a']);
  const one = { ...spec, minInstances: 1 };
  expect(decideScale({ ...quiet, ready: 1, members: [idleFor('a', 99, true)] }, one).stop).toEqual([]);
});

test('of the idle ones, the minimum goes last', () => {
  const seen = { ...quiet, ready: 2, members: [idleFor('a', 9, true), idleFor('b', 2)] };
  expect(decideScale(seen, spec).stop).toEqual(['b']);
});

test('the minimum is started first, and what the load needs beyond it for the load', () => {
  const seen = { ...quiet, ready: 1, averageInFlight: 20 };
  expect(decideScale(seen, { ...spec, minInstances: 3 }).start).toEqual([
    'MIN_INSTANCES',
    'MIN_INSTANCES',
    'AUTOSCALING',
  ]);
});

test('what is starting counts for the load, and what is stopping takes its room', () => {
  const given = { ...spec, maxInstances: 5 };
  const start = (seen: Seen): number => decideScale({ averageInFlight: 30, ...seen }, given).start.length;
  expect(start({ ready: 2, starting: 2 })).toBe(1);
  expect(start({ ready: 2, starting: 1, stopping: 1 })).toBe(1);
  expect(start({ ready: 2, stopping: 3 })).toBe(0);
  expect(start({ ready: 4, stopping: 3 })).toBe(0);
});

test('while requests wait, an average that has not caught up keeps the idle ones', () => {
  const seen = { ready: 2, averageInFlight: 30, members: [idleFor('a', 16), idleFor('b', 15)] };
  expect(decideScale({ ...seen, queued: 1 }, spec).stop).toEqual([]);
});

test('a lowered maximum stops the idle ones first, then those with the least to do', () => {
  const working = (id: string, inFlight: number): ReadyInstance => ({ ...busy(id), inFlight });
  const seen = {
    ready: 5,
    averageInFlight: 30,
    members: [working('a', 4), working('b', 2), idleFor('c', 0.1, true), idleFor('d', 0.1), working('e', 3)],
  };
  expect(decideScale(seen, { ...spec, maxInstances: 5 }).stop).toEqual([]);
  expect(decideScale(seen, { ...spec, maxInstances: 3 }).stop).toEqual(['d', 'b']);
  expect(decideScale(seen, { ...spec, maxInstances: 1 }).stop).toEqual(['d', 'b', 'e', 'a']);
});

test('nobody who has just become idle is stopped, nor the one that the load needs', () => {
  const seen = { ready: 2, averageInFlight: 0, members: [idleFor('a', 0.9), idleFor('b', 0.9)] };
  expect(decideScale(seen, spec).stop).toEqual([]);
  const longer = { ...seen, members: [idleFor('a', 1), idleFor('b', 1.5)] };
  expect(decideScale(longer, spec).stop).toEqual(['b']);
  expect(decideScale({ ...longer, averageInFlight: 7 }, spec).stop).toEqual([]);
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
        const members = idleMinutes.slice(0, ready).map((minutes, index) => idleFor(String(index), minutes));
        const { start, stop } = decideScale(
          { ...quiet, starting, ready, stopping, averageInFlight, members },
          given,
        );
        const all = starting + ready + stopping;
        expect(start.length).toBeLessThanOrEqual(Math.max(0, spec.maxInstances - all));
        expect(starting + ready - stop.length).toBeGreaterThanOrEqual(
          Math.min(given.minInstances, starting + ready),
        );
        expect(members.map(({ id }) => id)).toEqual(expect.arrayContaining([...stop]));
      },
    ),
  );
});
