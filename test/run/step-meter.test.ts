import { describe, expect, it } from 'vitest';
import { planCalibration } from '../../src/plan/plan-calibration.ts';
import { makeStepMeter } from '../../src/run/step-meter.ts';
import { attempt } from '../evidence/given.ts';
import { scenarioOf } from '../plan/scenario.ts';

const how = { startPerSec: 10, stepMs: 10_000, factor: 2, maxSteps: 3, again: false };
const plan = planCalibration(scenarioOf(), how, 'before');
const startUs = 5_000_000;
const deadlineMs = 1000;

/** An attempt that ends so long after the calibration began, in seconds. */
function ended(atSec: number, more: Parameters<typeof attempt>[0] = {}) {
  const endedUs = startUs + atSec * 1e6;
  return attempt({ intendedUs: endedUs - 20_000, sentUs: endedUs - 20_000, endedUs, ...more });
}

describe('the meter of a calibration', () => {
  it('counts good answers a second by when they came, without the beginning of the step', () => {
    const meter = makeStepMeter(plan, startUs, deadlineMs);
    // 7 in each whole second of the first step; 20 in its first, which is not counted.
    for (let second = 1; second < 10; second += 1)
      meter.add(Array.from({ length: 7 }, (_, index) => ended(second + index / 10)));
    meter.add(Array.from({ length: 20 }, () => ended(0.5)));
    expect(meter.measure(0)).toEqual({
      rate_per_sec: 10,
      goodput_per_sec: 7,
      low_per_sec: 7,
      high_per_sec: 7,
      failed: 0,
      seconds: 9,
    });
    expect(meter.measure(1)).toMatchObject({ rate_per_sec: 20, goodput_per_sec: 0, seconds: 9 });
  });

  it('takes for failed what was refused, what came too late, and what was not even sent', () => {
    const meter = makeStepMeter(plan, startUs, deadlineMs);
    const late = ended(13, { intendedUs: startUs + 11.9e6 });
    const dropped = ended(14, { outcome: 'dropped', sentUs: startUs + 14e6, endedUs: null });
    meter.add([ended(12), ended(12.5, { outcome: 'shed', status: 429 }), late, dropped]);
    expect(meter.measure(1).failed).toBe(0.75);
    expect(meter.measure(1).goodput_per_sec).toBeCloseTo(1 / 9);
  });

  it('leaves out what never ended', () => {
    const meter = makeStepMeter(plan, startUs, deadlineMs);
    meter.add([ended(2), ended(3, { outcome: 'unfinished', endedUs: null })]);
    expect(meter.measure(0).failed).toBe(0);
  });
});
