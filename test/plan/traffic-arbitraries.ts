import fc from 'fast-check';
import type { ArrivalProcess, LoadShape, Phase } from '../../src/scenario/traffic/traffic.ts';

const rate = fc.double({ min: 0, max: 300, noNaN: true });
const durationMs = fc.double({ min: 1, max: 5000, noNaN: true });
const mmpp = fc.record({
  kind: fc.constant('mmpp' as const),
  low: fc.double({ min: 0, max: 0.99, noNaN: true }),
  highForMs: fc.double({ min: 5, max: 2000, noNaN: true }),
  lowForMs: fc.double({ min: 5, max: 2000, noNaN: true }),
});

/** Any arrival process. */
export const anyProcess: fc.Arbitrary<ArrivalProcess> = fc.oneof(
  fc.constantFrom({ kind: 'uniform' as const }, { kind: 'poisson' as const }),
  mmpp,
);

/** Any shape whose rate an arrival process follows, and whose count is known but for that process. */
export const anyRateShape: fc.Arbitrary<LoadShape> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), ratePerSec: rate }),
  fc.record({ kind: fc.constant('ramp' as const), ratePerSec: rate, toPerSec: rate }),
  fc.record({
    kind: fc.constant('steps' as const),
    ratesPerSec: fc.array(rate, { minLength: 2, maxLength: 7 }),
  }),
  fc
    .tuple(rate, rate, durationMs, fc.double({ min: 0.05, max: 0.95, noNaN: true }))
    .map(([base, more, everyMs, width]) => ({
      kind: 'spikes' as const,
      ratePerSec: base,
      peakPerSec: base + more + 1,
      widthMs: everyMs * width,
      everyMs,
    })),
);

/** Any shape with arrivals at moments of their own, in a phase of at least a second. */
export const anyCrowd: fc.Arbitrary<LoadShape> = fc.oneof(
  fc.record({
    kind: fc.constant('burst' as const),
    ratePerSec: rate,
    requests: fc.integer({ min: 1, max: 300 }),
    withinMs: fc.double({ min: 0.001, max: 1000, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('sync' as const),
    ratePerSec: rate,
    requests: fc.integer({ min: 1, max: 50 }),
    everyMs: fc.option(fc.double({ min: 50, max: 2000, noNaN: true }), { nil: null }),
  }),
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 999_999 }), fc.constantFrom(null, 0, 1)), {
      minLength: 1,
      maxLength: 90,
    })
    .map((list) => {
      const sorted = list.sort(([one], [other]) => one - other);
      return {
        kind: 'replay' as const,
        file: '/times.csv',
        speed: 1,
        atUs: sorted.map(([us]) => us),
        routes: sorted.map(([, route]) => route),
      };
    }),
);

const closed = fc.record({
  kind: fc.constant('closed' as const),
  clients: fc.integer({ min: 1, max: 100 }),
  think: fc.constant({ law: 'exponential' as const, meanMs: 500 }),
});

/** Any phases, with names of their own. */
export const anyPhases: fc.Arbitrary<[Phase, ...Phase[]]> = fc
  .array(
    fc.record({
      durationMs: durationMs.map((ms) => ms + 1000),
      stress: fc.boolean(),
      arrivals: anyProcess,
      shape: fc.oneof(anyRateShape, anyRateShape, anyCrowd, closed),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => list.map((each, index) => ({ ...each, name: `phase-${index}` })) as [Phase, ...Phase[]]);
