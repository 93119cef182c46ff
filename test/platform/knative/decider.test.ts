import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  beginDecider,
  decideDesired,
  type DeciderSpec,
  type DeciderState,
} from '../../../src/platform/local/knative/decider.ts';
import { wantedScale } from '../../../src/platform/local/knative/wanted-scale.ts';

const shipped: DeciderSpec = {
  target: 7,
  total: 10,
  targetBurstCapacity: 211,
  panicThreshold: 2,
  maxScaleUpRate: 1000,
  maxScaleDownRate: 2,
  stableWindowUs: 60_000_000,
  scaleDownDelayUs: 0,
  activationScale: 0,
};
const secondUs = 1_000_000;
const load = fc.double({ min: 0, max: 5_000, noNaN: true });
const rates = fc.record({
  target: fc.double({ min: 0.01, max: 200, noNaN: true }),
  maxScaleUpRate: fc.double({ min: 1.1, max: 20, noNaN: true }),
  maxScaleDownRate: fc.double({ min: 1.1, max: 20, noNaN: true }),
  scaleDownDelayUs: fc.integer({ min: 0, max: 60 }).map((seconds) => seconds * secondUs),
  activationScale: fc.constantFrom(0, 2, 5),
});
const step = fc.record({
  afterS: fc.integer({ min: 0, max: 90 }),
  ready: fc.integer({ min: 0, max: 40 }),
  stable: load,
  panic: load,
  reachable: fc.boolean(),
});

test('from one decision to the next, never above the up rate x ready, what panic held, and the activation scale', () => {
  fc.assert(
    fc.property(rates, fc.array(step, { maxLength: 30 }), (given, steps) => {
      const spec = { ...shipped, ...given };
      let state = beginDecider(0, 0);
      let highest: number = spec.activationScale;
      let nowUs = 0;
      for (const { afterS, ready, stable, panic, reachable } of steps) {
        nowUs += afterS * secondUs;
        const desired = decideDesired(nowUs, { ready, averages: { stable, panic }, reachable }, spec, state)!;
        const most = Math.ceil(spec.maxScaleUpRate * Math.max(1, ready));
        const isHeld = desired.state.panicSinceUs !== null || spec.scaleDownDelayUs > 0;
        expect(desired.scale).toBeLessThanOrEqual(Math.max(most, spec.activationScale, isHeld ? highest : 0));
        expect(Number.isInteger(desired.scale) && desired.scale >= 0).toBe(true);
        highest = Math.max(highest, desired.scale);
        state = desired.state;
      }
    }),
  );
});

test('a panic never shrinks', () => {
  fc.assert(
    fc.property(rates, fc.array(step, { minLength: 2, maxLength: 30 }), (given, steps) => {
      const spec = { ...shipped, ...given, scaleDownDelayUs: 0 };
      let state: DeciderState = beginDecider(0, 0);
      let before = 0;
      let nowUs = 0;
      for (const { afterS, ready, stable, panic, reachable } of steps) {
        nowUs += afterS * secondUs;
        const wasInPanic = state.panicSinceUs !== null;
        const desired = decideDesired(nowUs, { ready, averages: { stable, panic }, reachable }, spec, state)!;
        if (wasInPanic && desired.state.panicSinceUs !== null)
          expect(desired.scale).toBeGreaterThanOrEqual(before);
        before = desired.scale;
        state = desired.state;
      }
    }),
  );
});

test('a scale that applies is within the bounds, one instance in the place of none included', () => {
  fc.assert(
    fc.property(
      fc.option(fc.integer({ min: 0, max: 200 }), { nil: null }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom('activating' as const, 'active' as const, 'inactive' as const),
      fc.integer({ min: 0, max: 700 }),
      fc.boolean(),
      (desired, min, beyond, kind, forS, hasBegun) => {
        const bounds = { minScale: min, maxScale: min + beyond, initialScale: 1 };
        const activity = { kind, sinceUs: -forS * secondUs };
        const { scale, applies } = wantedScale(
          0,
          desired,
          { activity, proxiedSinceUs: null, reachable: true, hasBegun },
          bounds,
          { stableWindowUs: 6e7, graceUs: 3e7, lastInstanceRetentionUs: 0, activationLimitUs: 6.3e8 },
        );
        fc.pre(applies);
        expect(scale).toBeGreaterThanOrEqual(bounds.minScale);
        expect(scale).toBeLessThanOrEqual(bounds.maxScale);
      },
    ),
  );
});

test('a panic ends only when more than a stable window has passed without its threshold', () => {
  const observe = (panic: number) => ({ ready: 5, averages: { stable: 14, panic }, reachable: true });
  const begun = decideDesired(0, observe(70), shipped, beginDecider(0, 1))!;
  expect(begun.scale).toBe(10);
  const atTheEnd = decideDesired(60 * secondUs, observe(14), shipped, begun.state)!;
  expect(atTheEnd.scale).toBe(10);
  const after = decideDesired(60 * secondUs + 1, observe(14), shipped, atTheEnd.state)!;
  expect([after.scale, after.state.panicSinceUs]).toEqual([2, null]);
});

test('an inactive revision goes early only when the activator has had its grace', () => {
  const nowUs = 3_600 * secondUs;
  const wanted = (proxiedSinceUs: number | null) =>
    wantedScale(
      nowUs,
      0,
      {
        activity: { kind: 'inactive', sinceUs: nowUs - secondUs },
        proxiedSinceUs,
        reachable: true,
        hasBegun: true,
      },
      { minScale: 0, maxScale: 0, initialScale: 1 },
      { stableWindowUs: 6e7, graceUs: 3e7, lastInstanceRetentionUs: 0, activationLimitUs: 6.3e8 },
    ).applies;
  expect([wanted(null), wanted(nowUs - 29 * secondUs), wanted(nowUs - 30 * secondUs)]).toEqual([
    false,
    false,
    true,
  ]);
});
