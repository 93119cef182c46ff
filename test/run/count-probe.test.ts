import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/evidence/attempt.ts';
import { countProbe, type ProbeSetting } from '../../src/run/count-probe.ts';
import { attempt } from '../evidence/given.ts';

const setting: ProbeSetting = {
  alive: 3,
  sessionsEach: 4,
  isOneProcess: true,
  holdUs: 250_000,
  firstArrival: 1000,
};
const sent = 12;

/** What becomes of requests at pools with so many free sessions each: whoever finds none waits for one hold, or in vain. */
function triesAt(free: readonly number[], spread: readonly (readonly number[])[], waits = true): Attempt[] {
  return spread.flatMap((counts, time) => {
    let arrival = setting.firstArrival + time * sent;
    return counts.flatMap((count, instance) =>
      Array.from({ length: count }, (_, nth) => {
        const isServed = nth < (free[instance] ?? 0);
        const isLater = waits && (free[instance] ?? 0) > 0;
        const tookUs = isServed ? 255_000 : isLater ? 508_000 : 3_000;
        return attempt({
          arrival: arrival++,
          instance: `i${instance}`,
          outcome: isServed || isLater ? 'ok' : 'shed',
          sentUs: 0,
          receivedUs: 100,
          endedUs: 100 + tookUs,
        });
      }),
    );
  });
}

describe('what a leak probe counts', () => {
  it('is all sessions of pools that have them all, however unevenly they were asked', () => {
    const uneven = [
      [6, 3, 3],
      [4, 4, 4],
    ];
    expect(countProbe(triesAt([4, 4, 4], uneven), setting)).toEqual({
      alive: 3,
      sent,
      ok: 12,
      hold_us: 250_000,
      slowest_us: 508_000,
    });
    expect(countProbe(triesAt([4, 4, 4], uneven, false), setting).ok).toBe(12);
  });

  it('misses each session that leaked, although nobody failed for want of it', () => {
    const even = [
      [4, 4, 4],
      [5, 4, 3],
    ];
    expect(countProbe(triesAt([4, 3, 4], even), setting).ok).toBe(11);
    expect(countProbe(triesAt([1, 3, 4], even), setting).ok).toBe(8);
    expect(countProbe(triesAt([4, 3, 4], even, false), setting).ok).toBe(11);
  });

  it('never accuses a sound fleet, and never overlooks a leak at a pool that was asked in full', () => {
    const counts = fc.tuple(fc.nat(8), fc.nat(8), fc.nat(8));
    fc.assert(
      fc.property(
        fc.array(counts, { minLength: 1, maxLength: 4 }),
        fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)),
        fc.boolean(),
        (spread, free, waits) => {
          const all = spread.map((given): [number, number, number] => {
            const [a, b] = [Math.min(given[0], sent), Math.min(given[1], sent - Math.min(given[0], sent))];
            return [a, b, sent - a - b];
          });
          expect(countProbe(triesAt([4, 4, 4], all, waits), setting).ok).toBe(sent);
          const leaked = free.reduce(
            (sum, left, instance) =>
              sum + (all.some((counted) => (counted[instance] ?? 0) >= 4) ? 4 - left : 0),
            0,
          );
          expect(countProbe(triesAt(free, all, waits), setting).ok).toBeLessThanOrEqual(sent - leaked);
        },
      ),
    );
  });

  it('counts what nobody answered as missing', () => {
    const silent = Array.from({ length: sent }, (_, index) =>
      attempt({ arrival: 1000 + index, instance: null, outcome: 'client_timeout', sentUs: 0, endedUs: 5e6 }),
    );
    expect(countProbe(silent, setting)).toMatchObject({ ok: 0, slowest_us: 5e6 });
  });

  it('lets wait who met another process than the idle one', () => {
    const several = { ...setting, isOneProcess: false };
    expect(countProbe(triesAt([3, 4, 2], [[4, 4, 4]]), several).ok).toBe(12);
    expect(countProbe(triesAt([3, 4, 2], [[4, 4, 4]], false), several).ok).toBe(9);
  });

  it('is nothing where the requests were over too soon to be at once', () => {
    const quick = triesAt([4, 4, 4], [[4, 4, 4]]).map((one) => ({ ...one, endedUs: 20_100 }));
    expect(countProbe(quick, setting)).toMatchObject({ sent: 0, ok: 0 });
  });
});
