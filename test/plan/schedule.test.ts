import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashSchedule } from '../../src/plan/schedule-hash.ts';
import { makeSchedule, phaseStartsUs, type ScheduleInput } from '../../src/plan/schedule.ts';
import type { Arrivals } from '../../src/plan/run-plan.ts';
import type { Phase } from '../../src/scenario/traffic/traffic.ts';
import { route, steady, type WantedPhase } from './scenario.ts';
import { anyPhases } from './traffic-arbitraries.ts';

const seed = fc.integer({ min: 0, max: 2 ** 31 });

describe('a schedule', () => {
  it('is in time order, in whole microseconds, each arrival inside its phase', () => {
    fc.assert(
      fc.property(anyPhases, seed, (list, given) => {
        const schedule = makeSchedule({ seed: given, requests: weighted(9, 1), traffic: { phases: list } });
        const starts = phaseStartsUs(list);
        const wrong = Array.from(schedule.intendedUs.subarray(0, schedule.count), (at, index) => {
          const own = schedule.phase[index]!;
          const isInside = at >= starts[own]! && at < starts[own + 1]!;
          return isInside && Number.isInteger(at) && at >= (schedule.intendedUs[index - 1] ?? 0)
            ? null
            : index;
        }).filter((index) => index !== null);
        expect(wrong).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('has the same bytes for the same seed and others for another', () => {
    const list = [steady('only', 50, 4000)];
    const once = makeSchedule(inputOf(list, 'poisson', 1));
    expect(makeSchedule(inputOf(list, 'poisson', 1))).toEqual(once);
    expect(hashOf(makeSchedule(inputOf(list, 'poisson', 2)), list)).not.toBe(hashOf(once, list));
  });

  it('keeps the gaps and routes of a phase when another phase changes', () => {
    const before = inputOf([steady('calm', 20, 3000), steady('burst', 200, 2000)], 'poisson', 5);
    const after = inputOf([steady('calm', 90, 1000), steady('burst', 200, 2000)], 'poisson', 5);
    expect(phaseOf(makeSchedule(after), 1, 1_000_000)).toEqual(phaseOf(makeSchedule(before), 1, 3_000_000));
  });

  it('keeps the bytes of every phase when another one changes, whatever they are', () => {
    fc.assert(
      fc.property(anyPhases, anyPhases, seed, ([changed], [first, ...rest], given) => {
        const scheduleOf = (phases: [Phase, ...Phase[]]): Arrivals =>
          makeSchedule({ seed: given, requests: weighted(9, 1), traffic: { phases } });
        const second = { ...first, name: 'kept' };
        const [before, after] = [first, changed].map((head) => scheduleOf([head, second, ...rest]));
        const starts = [first, changed].map((head) => phaseStartsUs([head, second])[1]!);
        expect(phaseOf(after!, 1, starts[1]!)).toEqual(phaseOf(before!, 1, starts[0]!));
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the spacing of evenly spaced arrivals across the boundary of two phases of one rate', () => {
    const { intendedUs } = makeSchedule(
      inputOf([steady('a', 100, 1000), steady('b', 100, 1000)], 'uniform', 1),
    );
    const gaps = [...intendedUs].slice(1).map((at, index) => at - intendedUs[index]!);
    expect(new Set(gaps)).toEqual(new Set([10_000]));
  });

  it('refuses more arrivals than fit into memory', () => {
    expect(() => makeSchedule(inputOf([steady('endless', 1e6, 3_600_000)], 'uniform', 1))).toThrow(
      'the phases ask for 3600000000 arrivals; a run holds at most 10000000',
    );
  });
});

describe('the mix of routes', () => {
  it('follows the weights', () => {
    const input = { ...inputOf([steady('p', 1000, 10_000)], 'uniform', 9), requests: weighted(9, 1) };
    const { route: routes, count } = makeSchedule(input);
    const writes = routes.filter((index) => index === 1).length;
    // Four standard deviations of a binomial count: 4 sqrt(10000 x .1 x .9) = 120.
    expect(Math.abs(writes - count / 10)).toBeLessThan(120);
  });

  it('has nothing to do with the gaps', () => {
    // A long first gap and a rare first route must not come of the same draw.
    const firsts = Array.from({ length: 300 }, (_, given) => {
      const { intendedUs, route: routes } = makeSchedule(inputOf([steady('p', 100, 1000)], 'poisson', given));
      return { isLong: intendedUs[0]! > 10_000, isWrite: routes[0] === 1 };
    });
    const long = firsts.filter(({ isLong }) => isLong);
    expect(long.length).toBeGreaterThan(60);
    expect(long.filter(({ isWrite }) => isWrite).length / long.length).toBeLessThan(0.25);
  });

  it('does not move the times when its weights change', () => {
    const input = inputOf([steady('p', 100, 1000)], 'poisson', 9);
    const other = { ...input, requests: weighted(1, 9) };
    expect(makeSchedule(other).intendedUs).toEqual(makeSchedule(input).intendedUs);
  });
});

describe('the schedule hash', () => {
  const list = [steady('p', 100, 1000)];
  const schedule = makeSchedule(inputOf(list, 'poisson', 1));

  it('is the same on every machine', () => {
    const tiny: Arrivals = {
      count: 1,
      intendedUs: Float64Array.of(1),
      route: Uint16Array.of(0),
      phase: Uint16Array.of(0),
    };
    expect(hashSchedule(tiny, [{ name: 'r', weight: 1 }], [{ name: 'p' }])).toBe(
      'ff41ce0a1e86d91eeae23e03fc831c9122679136d63481af8f44c6451fa546f7',
    );
  });

  it('changes with the name and the weight of a route and the name of a phase', () => {
    const hashes = [
      hashSchedule(schedule, [{ name: 'r', weight: 1 }], list),
      hashSchedule(schedule, [{ name: 's', weight: 1 }], list),
      hashSchedule(schedule, [{ name: 'r', weight: 2 }], list),
      hashSchedule(schedule, [{ name: 'r', weight: 1 }], [{ name: 'q' }]),
    ];
    expect(new Set(hashes).size).toBe(4);
  });

  it('changes with a single microsecond', () => {
    const moved = {
      ...schedule,
      intendedUs: schedule.intendedUs.map((at, index) => at + Number(index === 7)),
    };
    expect(hashOf(moved, list)).not.toBe(hashOf(schedule, list));
  });
});

function inputOf(list: readonly WantedPhase[], process: 'uniform' | 'poisson', given: number): ScheduleInput {
  const [first, ...rest] = list.map((phase): Phase => ({ arrivals: { kind: process }, ...phase }));
  if (first === undefined) throw new Error('a schedule has a phase');
  return { seed: given, requests: weighted(9, 1), traffic: { phases: [first, ...rest] } };
}

function weighted(read: number, write: number): ScheduleInput['requests'] {
  return [route('read', { weight: read }), route('write', { weight: write })];
}

function hashOf(schedule: Arrivals, list: readonly WantedPhase[]): string {
  return hashSchedule(schedule, weighted(9, 1), list);
}

/** The arrivals of one phase, from its start. */
function phaseOf(schedule: Arrivals, index: number, startUs: number): readonly (readonly [number, number])[] {
  return [...schedule.intendedUs.keys()]
    .filter((arrival) => schedule.phase[arrival] === index)
    .map((arrival) => [schedule.intendedUs[arrival]! - startUs, schedule.route[arrival]!]);
}
