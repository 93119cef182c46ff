import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashSchedule } from '../../src/plan/schedule-hash.ts';
import { makeSchedule, phaseStartsUs, type ScheduleInput } from '../../src/plan/schedule.ts';
import type { Arrivals } from '../../src/plan/run-plan.ts';
import type { Phase } from '../../src/scenario/traffic.ts';
import { route } from './scenario.ts';

const rate = fc.double({ min: 0, max: 300, noNaN: true });
const phase = fc.record({
  durationMs: fc.integer({ min: 1, max: 5000 }),
  ratePerSec: rate,
  rampToPerSec: rate,
  stress: fc.boolean(),
});
const phases = fc
  .array(phase, { minLength: 1, maxLength: 4 })
  .map((list) => list.map((each, index): Phase => ({ ...each, name: `phase ${index}` })));
const arrivals = fc.constantFrom('uniform' as const, 'poisson' as const);
const seed = fc.integer({ min: 0, max: 2 ** 31 });

describe('a schedule', () => {
  it('is in time order, in whole microseconds, each arrival inside its phase', () => {
    fc.assert(
      fc.property(phases, arrivals, seed, (list, process, given) => {
        const schedule = makeSchedule(inputOf(list, process, given));
        const starts = phaseStartsUs(list);
        for (let index = 0; index < schedule.count; index += 1) {
          const at = schedule.intendedUs[index]!;
          const own = schedule.phase[index]!;
          expect(Number.isInteger(at)).toBe(true);
          expect(at).toBeGreaterThanOrEqual(starts[own]!);
          expect(at).toBeLessThan(starts[own + 1]!);
          if (index > 0) expect(at).toBeGreaterThanOrEqual(schedule.intendedUs[index - 1]!);
        }
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

  it('refuses more arrivals than fit into memory', () => {
    expect(() => makeSchedule(inputOf([steady('endless', 1e6, 3_600_000)], 'uniform', 1))).toThrow(
      'the phases ask for 3600000000 arrivals',
    );
  });
});

describe('uniform arrivals', () => {
  it('are exactly rate x duration, rounded half up', () => {
    const cases = [
      [20, 10_000, 200],
      [0.1, 30_000, 3],
      [0.7, 50_000, 35],
      [2.05, 30_000, 62],
      [3, 500, 2],
      [0.4, 1000, 0],
      [0, 10_000, 0],
    ] as const;
    for (const [perSec, durationMs, wanted] of cases) {
      expect(makeSchedule(inputOf([steady('p', perSec, durationMs)], 'uniform', 1)).count).toBe(wanted);
    }
  });

  it('are exactly the mean rate x duration under a ramp', () => {
    fc.assert(
      fc.property(rate, rate, fc.integer({ min: 1, max: 20_000 }), (from, to, durationMs) => {
        const ramp = { ...steady('ramp', from, durationMs), rampToPerSec: to };
        const expected = ((from + to) / 2) * (durationMs / 1000);
        const { count } = makeSchedule(inputOf([ramp], 'uniform', 1));
        expect(Math.abs(count - expected)).toBeLessThanOrEqual(0.5 + 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it('are evenly spaced at a constant rate', () => {
    const { intendedUs } = makeSchedule(inputOf([steady('p', 200, 1000)], 'uniform', 1));
    expect([...intendedUs.subarray(0, 3)]).toEqual([2500, 7500, 12_500]);
    expect(intendedUs.at(-1)).toBe(997_500);
  });

  it('are evenly spaced across the boundary of two phases of one rate', () => {
    const { intendedUs } = makeSchedule(
      inputOf([steady('a', 100, 1000), steady('b', 100, 1000)], 'uniform', 1),
    );
    const gaps = [...intendedUs].slice(1).map((at, index) => at - intendedUs[index]!);
    expect(new Set(gaps)).toEqual(new Set([10_000]));
  });

  it('come the closer together the higher a ramp has climbed', () => {
    const ramp = { ...steady('ramp', 0, 10_000), rampToPerSec: 100 };
    const { intendedUs, count } = makeSchedule(inputOf([ramp], 'uniform', 1));
    expect(count).toBe(500);
    // Half the arrivals come by T / sqrt 2, where half the triangle's area lies.
    expect(intendedUs[250]! / 1e6).toBeCloseTo(10 / Math.SQRT2, 1);
    for (let index = 2; index < count; index += 1) {
      const gap = intendedUs[index]! - intendedUs[index - 1]!;
      expect(gap).toBeLessThanOrEqual(intendedUs[index - 1]! - intendedUs[index - 2]! + 1);
    }
  });
});

describe('poisson arrivals', () => {
  it('have the mean and the spread of a Poisson count', () => {
    const counts = Array.from(
      { length: 400 },
      (_, given) => makeSchedule(inputOf([steady('p', 50, 2000)], 'poisson', given)).count,
    );
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
    // Four standard errors: of the mean sqrt(100 / 400) = 0.5, of the variance 100 sqrt(2 / 400) = 7.1.
    expect(Math.abs(mean - 100)).toBeLessThan(2);
    expect(Math.abs(variance - 100)).toBeLessThan(29);
  });

  it('start after gaps that are neither alike nor all short for small seeds', () => {
    const firsts = Array.from({ length: 100 }, (_, given) => {
      const { intendedUs } = makeSchedule(inputOf([steady('p', 100, 1000)], 'poisson', given));
      return intendedUs[0]! / 10_000;
    });
    const mean = firsts.reduce((sum, first) => sum + first, 0) / firsts.length;
    expect(new Set(firsts).size).toBe(100);
    expect(mean).toBeGreaterThan(0.6);
    expect(mean).toBeLessThan(1.4);
    expect(firsts.filter((first) => first < Math.LN2).length).toBeGreaterThan(30);
    expect(firsts.filter((first) => first < Math.LN2).length).toBeLessThan(70);
  });

  it('follow a ramp: a quarter of them in its first half', () => {
    const ramp = { ...steady('ramp', 0, 10_000), rampToPerSec: 400 };
    const { intendedUs, count } = makeSchedule(inputOf([ramp], 'poisson', 3));
    const early = intendedUs.filter((at) => at < 5_000_000).length;
    expect(early / count).toBeGreaterThan(0.21);
    expect(early / count).toBeLessThan(0.29);
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

function steady(name: string, ratePerSec: number, durationMs: number): Phase {
  return { name, ratePerSec, durationMs, stress: false };
}

function inputOf(list: readonly Phase[], process: 'uniform' | 'poisson', given: number): ScheduleInput {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error('a schedule has a phase');
  return { seed: given, requests: weighted(9, 1), traffic: { arrivals: process, phases: [first, ...rest] } };
}

function weighted(read: number, write: number): ScheduleInput['requests'] {
  return [route('read', { weight: read }), route('write', { weight: write })];
}

function hashOf(schedule: Arrivals, list: readonly Phase[]): string {
  return hashSchedule(schedule, weighted(9, 1), list);
}

/** The arrivals of one phase, from its start. */
function phaseOf(schedule: Arrivals, index: number, startUs: number): readonly (readonly [number, number])[] {
  return [...schedule.intendedUs.keys()]
    .filter((arrival) => schedule.phase[arrival] === index)
    .map((arrival) => [schedule.intendedUs[arrival]! - startUs, schedule.route[arrival]!]);
}
