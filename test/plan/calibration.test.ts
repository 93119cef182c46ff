import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/plan/make-plan.ts';
import { calibrationStepName, isExtraLoad, leakProbeName } from '../../src/plan/extra-load.ts';
import { planCalibration } from '../../src/plan/plan-calibration.ts';
import { planLeakProbe } from '../../src/plan/plan-leak-probe.ts';
import { noRetry } from '../../src/scenario/clients/client.ts';
import { atCapacity } from '../../src/scenario/traffic/at-capacity.ts';
import type { Calibrate } from '../../src/scenario/traffic/calibrate.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { ramp, route, scenarioOf, shaped, steady } from './scenario.ts';

const calibrate: Calibrate = { startPerSec: 20, stepMs: 10_000, factor: 1.25, maxSteps: 6, again: false };
const multiple = { ofCapacity: true } as const;

function measured(requests = [route('report', { holdMs: 250 })]): Scenario {
  const [first = route('ok'), ...rest] = requests;
  return {
    ...scenarioOf({
      requests: [first, ...rest],
      arrivals: 'poisson',
      phases: [
        { ...steady('baseline', 0.5, 10_000), ...multiple },
        { ...ramp('up', 0.5, 3, 10_000), ...multiple },
        steady('rest', 5, 10_000),
      ],
    }),
    calibrate,
  };
}

describe('phases of a capacity', () => {
  it('stand on what was measured; before that on what the pools could do, or on where the steps begin', () => {
    const scenario = measured();
    // 5 instances x 4 sessions / 250 ms.
    expect(makePlan(scenario).capacity).toEqual({ perSec: 80, by: 'fleet' });
    expect(makePlan(measured([route('ok')])).capacity).toEqual({ perSec: 20, by: 'start' });
    const plan = makePlan(scenario, 60);
    expect(plan.capacity).toEqual({ perSec: 60, by: 'measured' });
    expect(plan.phases.map(({ ratePerSec, rampToPerSec }) => [ratePerSec, rampToPerSec])).toEqual([
      [30, 30],
      [30, 180],
      [5, 5],
    ]);
    expect(plan.scenario).toBe(scenario);
  });

  it('are planned as if they had been written per second', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 200, noNaN: true }), (perSec) => {
        const scenario = measured();
        const written = { ...scenario, traffic: atCapacity(scenario.traffic, perSec) };
        expect(makePlan(scenario, perSec).scheduleHash).toBe(makePlan(written).scheduleHash);
      }),
      { numRuns: 20 },
    );
  });

  it('leave alone what is no rate', () => {
    const burst = { kind: 'burst', ratePerSec: 2, requests: 50, withinMs: 100 } as const;
    const closed = { kind: 'closed', clients: 3, think: { law: 'constant', meanMs: 10 } } as const;
    const { traffic } = scenarioOf({
      phases: [{ ...shaped('burst', 1000, burst), ...multiple }, shaped('closed', 1000, closed)],
    });
    expect(atCapacity(traffic, 10).phases.map(({ shape }) => shape)).toEqual([
      { ...burst, ratePerSec: 20 },
      closed,
    ]);
  });

  it('mean nothing where nothing is measured', () => {
    expect(makePlan(scenarioOf()).capacity).toBeUndefined();
  });
});

describe('the load of a calibration', () => {
  it('is one rate a step, each so many times the one before, with retries off', () => {
    const plan = planCalibration(measured(), calibrate, 'before');
    expect(plan.phases.map(({ name, ratePerSec }) => [name, ratePerSec])).toEqual(
      [20, 25, 31.25, 39.0625, 48.828125, 61.03515625].map((rate, index) => [
        `calibration ${index + 1}`,
        rate,
      ]),
    );
    expect(plan.phases.every(({ startUs, endUs }) => endUs - startUs === 10_000_000)).toBe(true);
    expect(plan.scenario.client.retry.name).toBe('none');
    expect(plan.scenario.chaos).toEqual([]);
  });

  it('depends on the seed, and not on the phases that follow it', () => {
    const scenario = measured();
    const hashOf = (one: Scenario, time: 'before' | 'after' = 'before') =>
      planCalibration(one, calibrate, time).scheduleHash;
    expect(hashOf(scenario)).toBe(hashOf(scenario));
    expect(hashOf({ ...scenario, traffic: scenarioOf({ arrivals: 'poisson' }).traffic })).toBe(
      hashOf(scenario),
    );
    expect(hashOf({ ...scenario, seed: 8 })).not.toBe(hashOf(scenario));
    expect(hashOf(scenario, 'after')).not.toBe(hashOf(scenario));
  });
});

describe('the steps of a calibration', () => {
  it('are of one steady rate, by the process of the scenario unless that is bursty', () => {
    const processOf = (arrivals: Scenario['traffic']['arrivals']) => {
      const scenario = measured();
      const traffic = { ...scenario.traffic, arrivals };
      return planCalibration({ ...scenario, traffic }, calibrate, 'before').phases[0]?.process;
    };
    expect(processOf({ kind: 'uniform' })).toBe('uniform');
    expect(processOf({ kind: 'poisson' })).toBe('poisson');
    expect(processOf({ kind: 'mmpp', low: 0, highForMs: 100, lowForMs: 100 })).toBe('poisson');
  });

  it('are told from phases by a blank in their names', () => {
    expect(calibrationStepName('before', 0)).toBe('calibration 1');
    expect(calibrationStepName('after', 2)).toBe('calibration-after 3');
    expect(isExtraLoad('calibration-after 3')).toBe(true);
    expect(isExtraLoad(leakProbeName)).toBe(true);
    expect(isExtraLoad('leak-probe')).toBe(false);
  });
});

describe('the load of a leak probe', () => {
  it('is not retried, not cut by max_in_flight, and no stress', () => {
    const scenario = { ...scenarioOf({ maxInFlight: 10 }), chaos: [] };
    const client = {
      ...scenario.client,
      retry: { ...scenario.client.retry, name: 'custom', maxAttempts: 3 } as const,
    };
    const plan = planLeakProbe({ ...scenario, client }, { route: 0, holdMs: 250 }, 20);
    expect(plan.scenario.client.retry).toEqual(noRetry);
    expect(plan.scenario.traffic.maxInFlight).toBe(80);
    expect(planLeakProbe(scenarioOf(), { route: 0, holdMs: 250 }, 20).scenario.traffic.maxInFlight).toBe(
      2000,
    );
    expect(plan.phases).toMatchObject([{ name: 'leak probe', stress: false, startUs: 0, endUs: 8_000_000 }]);
  });

  it('is so many requests at one instant, and again when those are over', () => {
    const scenario = scenarioOf({ requests: [route('read'), route('report')] });
    const plan = planLeakProbe(scenario, { route: 1, holdMs: 250 }, 20);
    const times = [0, 1, 2, 3].map((time) => time * 2_000_000);
    expect([...plan.arrivals.intendedUs]).toEqual(
      times.flatMap((at) => Array.from({ length: 20 }, () => at)),
    );
    expect(plan.scenario.requests.map(({ name }) => name)).toEqual(['report']);
  });
});
