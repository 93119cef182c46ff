import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawPhase } from '../../../src/plan/phase-draw.ts';
import { arrivalsUnder } from '../../../src/plan/rate-curve.ts';
import { patternOf } from '../../../src/plan/shapes/pattern-of.ts';
import { expectedArrivals } from '../../../src/scenario/traffic/traffic-count.ts';
import type { ArrivalProcess, LoadShape } from '../../../src/scenario/traffic/traffic.ts';
import { anyCrowd, anyProcess, anyRateShape } from '../traffic-arbitraries.ts';
import { strayOf } from '../statistics.ts';

const uniform = { kind: 'uniform' } as const;
const poisson = { kind: 'poisson' } as const;
const mix = [{ weight: 9 }, { weight: 1 }];

function drawn(
  shape: LoadShape,
  durationMs: number,
  arrivals: ArrivalProcess = uniform,
  seed = 1,
): readonly number[] {
  return drawPhase({ name: 'phase', durationMs, stress: false, arrivals, shape }, seed, mix).moments;
}

/** Arrivals per second of the phase. */
function perSecond(moments: readonly number[]): number[] {
  const seconds = Math.floor((moments.at(-1) ?? 0) / 1e6) + 1;
  return Array.from(
    { length: seconds },
    (_, at) => moments.filter((us) => Math.floor(us / 1e6) === at).length,
  );
}

describe('a shape', () => {
  it('asks for as many arrivals as were counted before it was planned', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyRateShape, anyCrowd),
        fc.integer({ min: 1000, max: 9000 }),
        (shape, durationMs) => {
          const { curve, extraArrivals } = patternOf({ shape, durationMs });
          const own = extraArrivals?.(uniform, () => () => 0).length ?? 0;
          const expected = expectedArrivals({ shape, durationMs });
          // Each piece begins on a whole microsecond; no rate is more than 601/s.
          const rounding = 0.001 * curve.length;
          expect(Math.abs(arrivalsUnder(curve) + own - expected)).toBeLessThan(0.1 + rounding);
        },
      ),
    );
  });

  it('has exactly its arrivals extraArrivals the rate, in order and inside the phase, whatever the process', () => {
    fc.assert(
      fc.property(anyCrowd, anyProcess, fc.integer({ min: 0, max: 1e6 }), (shape, process, seed) => {
        const alone = 'ratePerSec' in shape ? { ...shape, ratePerSec: 0 } : shape;
        const moments = drawn(alone, 1000, process, seed);
        expect(moments).toHaveLength(expectedArrivals({ shape: alone, durationMs: 1000 }));
        expect(moments.every((us) => Number.isInteger(us) && us >= 0 && us < 1e6)).toBe(true);
        expect([...moments].sort((one, other) => one - other)).toEqual(moments);
      }),
    );
  });
});

describe('steps', () => {
  it('have equal parts, each with its rate', () => {
    const moments = drawn({ kind: 'steps', ratesPerSec: [10, 50, 0, 20] }, 4000);
    expect(perSecond(moments)).toEqual([10, 50, 0, 20]);
  });

  it('fill a phase that they do not divide', () => {
    const { curve } = patternOf({ shape: { kind: 'steps', ratesPerSec: [1, 2, 3] }, durationMs: 1000 });
    expect(curve.map(({ durationUs }) => durationUs)).toEqual([333_333, 333_333, 333_334]);
  });
});

describe('spikes', () => {
  const shape = { kind: 'spikes', ratePerSec: 10, peakPerSec: 100, widthMs: 1000, everyMs: 3000 } as const;

  it('begin with the phase and come back, over the rate', () => {
    expect(perSecond(drawn(shape, 6000))).toEqual([100, 10, 10, 100, 10, 10]);
  });

  it('are cut by the end of the phase', () => {
    const moments = drawn(shape, 3500);
    expect(moments.filter((us) => us >= 3e6)).toHaveLength(50);
    expect(expectedArrivals({ shape, durationMs: 3500 })).toBe(170);
  });
});

describe('a burst', () => {
  const shape = { kind: 'burst', ratePerSec: 0, requests: 300, withinMs: 1000 } as const;

  it('is exactly so many at the start of the phase, and none after it', () => {
    for (const process of [uniform, poisson]) {
      const moments = drawn(shape, 10_000, process);
      expect(moments).toHaveLength(300);
      expect(moments.at(-1)).toBeLessThan(1e6);
    }
  });

  it('is evenly spaced where arrivals are', () => {
    const moments = drawn(shape, 10_000);
    expect(moments.slice(0, 2)).toEqual([1666, 5000]);
  });

  it('is spread by chance where arrivals are', () => {
    const moments = drawn({ ...shape, requests: 2000 }, 10_000, poisson);
    expect(strayOf(moments, (us) => us / 1e6)).toBeLessThan(1.63);
  });

  it('comes on top of a rate, which goes on', () => {
    const moments = drawn({ ...shape, ratePerSec: 20 }, 3000);
    expect(perSecond(moments)).toEqual([320, 20, 20]);
  });
});

describe('a sync', () => {
  const shape = { kind: 'sync', ratePerSec: 0, requests: 100, everyMs: 2000 } as const;

  it('is at one instant, again and again', () => {
    const moments = drawn(shape, 5000, poisson);
    expect(new Set(moments)).toEqual(new Set([0, 2e6, 4e6]));
    expect(moments).toHaveLength(300);
  });

  it('is once unless it says how often', () => {
    expect(new Set(drawn({ ...shape, everyMs: null }, 5000))).toEqual(new Set([0]));
  });

  it('comes on top of a rate, which goes on', () => {
    const moments = drawn({ ...shape, ratePerSec: 10 }, 4000);
    expect(perSecond(moments)).toEqual([110, 10, 110, 10]);
  });
});

describe('a replay', () => {
  const shape = {
    kind: 'replay',
    file: '/lists/times.csv',
    speed: 2,
    atUs: [0, 5, 5, 900_000],
    routes: [1, null, 1, null],
  } as const;

  it('has its times, whatever the process and the seed', () => {
    for (const process of [uniform, poisson])
      expect(drawn(shape, 1000, process, 8)).toEqual([0, 5, 5, 900_000]);
  });

  it('has its routes, and draws those that it does not know', () => {
    const phase = { name: 'phase', durationMs: 1000, stress: false, arrivals: poisson, shape };
    const { routes } = drawPhase(phase, 1, [{ weight: 1 }, { weight: 0.000001 }]);
    expect(routes).toEqual([1, 0, 1, 0]);
  });
});

describe('closed clients', () => {
  it('have no planned arrivals', () => {
    const shape = { kind: 'closed', clients: 50, think: { law: 'constant', meanMs: 500 } } as const;
    expect(drawn(shape, 10_000)).toEqual([]);
    expect(expectedArrivals({ shape, durationMs: 10_000 })).toBe(0);
  });
});

describe('the words of a shape', () => {
  const think = { law: 'exponential', meanMs: 500 } as const;
  const cases: readonly (readonly [LoadShape, string])[] = [
    [{ kind: 'constant', ratePerSec: 200 }, '200/s'],
    [{ kind: 'constant', ratePerSec: 1 / 60 }, '0.0167/s'],
    [{ kind: 'ramp', ratePerSec: 20, toPerSec: 200 }, '20/s to 200/s'],
    [{ kind: 'steps', ratesPerSec: [10, 50, 20] }, '10/s, 50/s, 20/s'],
    [
      { kind: 'spikes', ratePerSec: 20, peakPerSec: 200, widthMs: 1000, everyMs: 5000 },
      '20/s, 200/s for 1 s every 5 s',
    ],
    [{ kind: 'burst', ratePerSec: 0, requests: 300, withinMs: 1000 }, '300 requests within 1 s'],
    [
      { kind: 'burst', ratePerSec: 5, requests: 300, withinMs: 1000 },
      '300 requests within 1 s on top of 5/s',
    ],
    [{ kind: 'sync', ratePerSec: 0, requests: 100, everyMs: 10_000 }, '100 requests at once every 10 s'],
    [{ kind: 'sync', ratePerSec: 0, requests: 1, everyMs: null }, '1 request at once'],
    [
      { kind: 'replay', file: '/lists/times.csv', speed: 2, atUs: [0, 1], routes: [null, null] },
      '2 requests of times.csv at 2 times the speed',
    ],
    [
      { kind: 'closed', clients: 50, think: { law: 'constant', meanMs: 500 } },
      '50 clients, think 500 ms (closed)',
    ],
    [{ kind: 'closed', clients: 1, think }, '1 client, think 500 ms exponential (closed)'],
  ];

  it.each(cases)('%j', (shape, words) => {
    expect(patternOf({ shape, durationMs: 10_000 }).words).toBe(words);
  });
});
