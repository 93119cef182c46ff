import fc from 'fast-check';
import { expect, test } from 'vitest';
import { msUntil, timelineOf, undoOrder } from '../../src/chaos/timeline.ts';
import type { ChaosStep } from '../../src/scenario/chaos/chaos-step.ts';

const step = (id: string, atUs: number, forUs: number | null): ChaosStep => ({
  id,
  atUs,
  forUs,
  service: 'api',
  fault: { kind: 'platform.reject' },
});

test('steps count from the start of load, on the run clock', () => {
  const [timed] = timelineOf([step('a', 3_000_000, 5_000_000)], 10_000_000);
  expect(timed).toMatchObject({ startUs: 13_000_000, endUs: 18_000_000, confirmUntilUs: 18_000_000 });
});

test('a step without an end stays, and is looked for a while all the same', () => {
  const [timed] = timelineOf([step('a', 0, null)], 0);
  expect(timed?.endUs).toBeNull();
  expect(timed?.confirmUntilUs).toBeGreaterThan(0);
});

test('every step is on the timeline once, in the order of the starts, and ends after it starts', () => {
  const steps = fc.array(fc.tuple(fc.nat(1e9), fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: null })));
  fc.assert(
    fc.property(steps, fc.nat(1e9), (given, loadStartUs) => {
      const timed = timelineOf(
        given.map(([atUs, forUs], index) => step(`s${index}`, atUs, forUs)),
        loadStartUs,
      );
      expect(new Set(timed.map(({ step: { id } }) => id)).size).toBe(given.length);
      for (const [index, { step: one, startUs, endUs }] of timed.entries()) {
        expect(startUs).toBe(loadStartUs + one.atUs);
        expect(startUs).toBeGreaterThanOrEqual(timed[index - 1]?.startUs ?? 0);
        expect(endUs === null ? null : endUs - startUs).toBe(one.forUs);
      }
    }),
  );
});

test('a moment that has passed is not waited for', () => {
  expect(msUntil(5_000, 3_000)).toBe(2);
  expect(msUntil(5_000, 9_000)).toBe(0);
});

test('the newest is undone first', () => {
  expect(undoOrder([{ order: 1 }, { order: 3 }, { order: 2 }]).map(({ order }) => order)).toEqual([3, 2, 1]);
});
