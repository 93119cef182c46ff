import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRandom } from '../../../src/base/random.ts';
import { drawRevision } from '../../../src/platform/local/service/traffic.ts';
import { ManualClock } from '../manual-clock.ts';
import { SimulatedFleet } from '../simulated-fleet.ts';

const shift = fc.record({
  maxInstances: fc.integer({ min: 1, max: 4 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
  startupMs: fc.integer({ min: 10, max: 3000 }),
  workMs: fc.integer({ min: 1, max: 1500 }),
  gapMs: fc.integer({ min: 20, max: 400 }),
  canaryPercent: fc.integer({ min: 0, max: 100 }),
});

test('no request is lost while the traffic shifts, and both fleets together stay within both maxima', async () => {
  await fc.assert(
    fc.asyncProperty(shift, async ({ gapMs, workMs, canaryPercent, ...simulation }) => {
      const clock = new ManualClock();
      const random = makeRandom(3, 'shift');
      const old = new SimulatedFleet(simulation, clock);
      const next = new SimulatedFleet(simulation, clock);
      const deploying = Promise.all([old.fleet.deploy(), next.fleet.deploy()]);
      clock.advance(3000);
      await deploying;
      let percents = new Map([['old', 100]]);
      let peak = 0;
      const send = (times: number): void => {
        for (let sent = 0; sent < times; sent += 1) {
          (drawRevision(percents, random()) === 'old' ? old : next).send(workMs);
          clock.advance(gapMs);
          peak = Math.max(peak, old.alive().length + next.alive().length);
        }
      };
      send(20);
      percents = new Map([
        ['old', 100 - canaryPercent],
        ['next', canaryPercent],
      ]);
      send(20);
      percents = new Map([['next', 100]]);
      old.fleet.limit({ minInstances: 0, maxInstances: simulation.maxInstances }, false);
      send(20);
      clock.advance(17 * 60_000);
      const requests = [...old.requests, ...next.requests];
      expect(requests).toHaveLength(60);
      // Those that the shift found waiting or in flight are served by the old instances; only a queue refuses.
      for (const { settledUs, refused } of requests) {
        expect(settledUs).not.toBeNull();
        expect([null, 'no_instance']).toContain(refused);
      }
      expect(peak).toBeLessThanOrEqual(2 * simulation.maxInstances);
      expect(old.alive()).toEqual([]);
    }),
    { numRuns: 12 },
  );
});
