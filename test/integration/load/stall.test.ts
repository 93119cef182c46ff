import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../../src/evidence/attempt.ts';
import { checkSchedule } from '../../../src/verdict/guards/v02-schedule-sent.ts';
import { planOf } from './plan.ts';
import { quantile, sendPlan, targetFor } from './target.ts';

/** Long enough for the threads to be ready even on a busy machine: these tests judge times. */
const readyMs = 2500;

function responseMs({ endedUs, intendedUs }: Attempt): number {
  return (endedUs! - intendedUs) / 1000;
}

const requests = [{ name: 'ok', get: '/ok?n=${seq}' }];

describe.concurrent('a target that stalls', () => {
  it('is told as its callers felt it: nobody is left out, and nobody waited longer than they did', async (test) => {
    const target = await targetFor(test, { afterMs: 1998, ms: 500 });
    const phases = [{ name: 'only', duration: '5s', rate: '200/s' }];
    const plan = await planOf({ traffic: { arrivals: 'uniform', phases }, requests });
    const { load, attempts, clock } = await sendPlan(target.url, plan, readyMs);
    await load.finished;
    const seen = await target.seen();
    expect(seen).toHaveLength(1000);
    expect(attempts).toHaveLength(1000);
    const servedUs = new Map(
      seen.map(({ url, atNs }) => [Number(url.split('=')[1]), Number(BigInt(atNs) - clock.originNs) / 1000]),
    );
    const told = attempts.map(responseMs);
    const truth = attempts.map(({ arrival, intendedUs }) => (servedUs.get(arrival)! - intendedUs) / 1000);
    // 100 of 1000 arrive during the stall, their waits spread evenly over 0 to 500 ms.
    for (const [q, leastMs] of [
      [0.5, 0],
      [0.95, 250],
      [0.99, 450],
      [1, 500],
    ] as const) {
      expect(quantile(told, q)).toBeGreaterThan(0.98 * leastMs);
      expect(quantile(told, q)).toBeGreaterThan(quantile(truth, q) - 1);
      expect(quantile(told, q)).toBeLessThan(quantile(truth, q) + 150);
    }
  });

  it('gets no more than may be in flight: the rest is dropped, each on record, and no run is valid so', async (test) => {
    const target = await targetFor(test, { afterMs: 500, ms: 2000 });
    const phases = [{ name: 'only', duration: '3s', rate: '200/s' }];
    const traffic = { arrivals: 'uniform', max_in_flight: 100, phases };
    const plan = await planOf({ traffic, requests });
    const { load, attempts } = await sendPlan(target.url, plan, readyMs);
    const { lanes } = await load.finished;
    const dropped = attempts.filter(({ outcome }) => outcome === 'dropped').length;
    const seen = await target.seen();
    // 400 arrivals in the stall, of which 100 find their place.
    expect(dropped).toBeGreaterThan(200);
    expect(seen).toHaveLength(600 - dropped);
    expect(attempts).toHaveLength(600);
    expect(new Set(attempts.map(({ arrival }) => arrival)).size).toBe(600);
    expect(lanes).toMatchObject([{ sent: 600 - dropped, dropped, unfinished: 0 }]);
    expect(load.progress()).toMatchObject({ planned: 600, sent: 600 - dropped, dropped, inFlight: 0 });
    const verdict = checkSchedule({ planned: 600, sent: 600 - dropped, dropped, failed: 0, closed: null });
    expect(verdict).toMatchObject({ ok: false });
    expect(verdict.reason).toContain(`${dropped} dropped because too many were in flight`);
  });
});
