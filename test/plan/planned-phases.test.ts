import { describe, expect, it } from 'vitest';
import { dispersionOf, longRunDispersionOf } from '../../src/plan/arrival-counts.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { mostWithin } from '../../src/plan/arrival-counts.ts';
import type { PlannedPhase } from '../../src/plan/run-plan.ts';
import type { ArrivalProcess, LoadShape } from '../../src/scenario/traffic/traffic.ts';
import { scenarioOf, shaped, steady } from './scenario.ts';

const mmpp = { kind: 'mmpp', low: 0, highForMs: 1000, lowForMs: 1000 } as const;

function planned(
  shape: LoadShape,
  durationMs = 10_000,
  arrivals: ArrivalProcess = { kind: 'uniform' },
): PlannedPhase {
  const plan = makePlan(scenarioOf({ phases: [{ ...shaped('only', durationMs, shape), arrivals }] }));
  return plan.phases[0]!;
}

describe('a planned phase', () => {
  it('has its rate as mean and peak where that is one', () => {
    const phase = planned({ kind: 'constant', ratePerSec: 20 });
    expect(phase).toMatchObject({ ratePerSec: 20, rampToPerSec: 20, peakPerSec: 20, shape: '20/s' });
    expect(phase).toMatchObject({ process: 'uniform', closed: null, arrivals: 200 });
  });

  it('has both ends of a ramp', () => {
    const phase = planned({ kind: 'ramp', ratePerSec: 300, toPerSec: 20 });
    expect(phase).toMatchObject({ ratePerSec: 300, rampToPerSec: 20, peakPerSec: 300 });
  });

  it('has the mean and the highest of rates that change', () => {
    expect(planned({ kind: 'steps', ratesPerSec: [10, 50, 30] })).toMatchObject({
      ratePerSec: 30,
      rampToPerSec: 30,
      peakPerSec: 50,
    });
    const spikes = { kind: 'spikes', ratePerSec: 10, peakPerSec: 100, widthMs: 1000, everyMs: 5000 } as const;
    expect(planned(spikes)).toMatchObject({ ratePerSec: 28, rampToPerSec: 28, peakPerSec: 100 });
  });

  it('has the rate of its high state as peak where it is an mmpp', () => {
    const phase = planned({ kind: 'constant', ratePerSec: 50 }, 10_000, mmpp);
    expect(phase).toMatchObject({ ratePerSec: 50, peakPerSec: 100, process: 'mmpp', longRunDispersion: 51 });
  });

  it('has the most in a second as peak where arrivals have moments of their own', () => {
    const burst = { kind: 'burst', ratePerSec: 0, requests: 300, withinMs: 200 } as const;
    expect(planned(burst)).toMatchObject({ ratePerSec: 30, rampToPerSec: 30, peakPerSec: 300 });
    // 31 of them are 30 gaps of a thirtieth of a second apart, cut to whole microseconds.
    expect(planned({ ...burst, withinMs: 10_000 }).peakPerSec).toBeLessThanOrEqual(31);
    const sync = { kind: 'sync', ratePerSec: 10, requests: 40, everyMs: 500 } as const;
    expect(planned(sync)).toMatchObject({ ratePerSec: 90, process: 'uniform' });
    expect(planned({ ...sync, ratePerSec: 0 })).toMatchObject({
      ratePerSec: 80,
      peakPerSec: 80,
      process: null,
    });
  });

  it('has no rate where it is closed, and says so', () => {
    const think = { law: 'exponential', meanMs: 500 } as const;
    expect(planned({ kind: 'closed', clients: 50, think })).toMatchObject({
      ratePerSec: 0,
      rampToPerSec: 0,
      peakPerSec: 0,
      arrivals: 0,
      process: null,
      dispersion: null,
      closed: { clients: 50, thinkMs: 500 },
    });
  });
});

describe('the index of dispersion', () => {
  it('is variance over mean of the counts in whole seconds', () => {
    // Counts 1, 3 and, in the second that is not whole, 1: mean 2, variance 2.
    const moments = [0, 1e6, 1.5e6, 1.9e6, 2.2e6];
    expect(dispersionOf(moments, 2.4e6)).toBe(1);
    expect(dispersionOf(moments, 3e6)).toBeCloseTo(4 / 3 / (5 / 3));
  });

  it('is nothing under two seconds, and where nothing arrives in any', () => {
    expect(dispersionOf([0, 1], 1.9e6)).toBeNull();
    expect(dispersionOf([], 5e6)).toBeNull();
    expect(dispersionOf([2.1e6], 2.4e6)).toBeNull();
  });

  it('tells even, random and bursty arrivals apart', () => {
    const rate = { kind: 'constant', ratePerSec: 100 } as const;
    const of = (process: ArrivalProcess): number => planned(rate, 200_000, process).dispersion ?? NaN;
    expect(of({ kind: 'uniform' })).toBeLessThan(0.01);
    // Four standard errors: 4 sqrt(2 / 200) = 0.4.
    expect(Math.abs(of({ kind: 'poisson' }) - 1)).toBeLessThan(0.4);
    expect(of(mmpp)).toBeGreaterThan(10);
  });

  it('counts the seconds of each phase from its own start', () => {
    const burst = { kind: 'burst', ratePerSec: 0, requests: 100, withinMs: 1000 } as const;
    const phases = [steady('before', 10, 2500), shaped('only', 4000, burst)] as const;
    const [, phase] = makePlan(scenarioOf({ phases })).phases;
    // Counts 100, 0, 0, 0: mean 25, variance 2500.
    expect(phase?.dispersion).toBe(100);
  });

  it('is known for the long run of an mmpp at one rate alone', () => {
    const shape = { kind: 'constant', ratePerSec: 50 } as const;
    // Vector MMPP-200-20: high for 2 s at 200/s, low for 10 s at 20/s, 50/s in the mean.
    const slow = { kind: 'mmpp', low: 0.1, highForMs: 2000, lowForMs: 10_000 } as const;
    expect(longRunDispersionOf({ shape, arrivals: slow })).toBeCloseTo(301, 9);
    expect(longRunDispersionOf({ shape, arrivals: { kind: 'poisson' } })).toBeNull();
    expect(longRunDispersionOf({ shape: { ...shape, ratePerSec: 0 }, arrivals: slow })).toBeNull();
    expect(
      longRunDispersionOf({ shape: { kind: 'ramp', ratePerSec: 1, toPerSec: 2 }, arrivals: slow }),
    ).toBeNull();
  });
});

describe('the most within a window', () => {
  it('counts who is there together, the start of the window in and its end out', () => {
    expect(mostWithin([], 10)).toBe(0);
    expect(mostWithin([5, 5, 5], 10)).toBe(3);
    expect(mostWithin([0, 10, 19, 20], 10)).toBe(2);
    expect(mostWithin([0, 10, 19, 19, 20], 10)).toBe(3);
  });
});
