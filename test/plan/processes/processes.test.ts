import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { dispersionOf, longRunDispersionOf } from '../../../src/plan/arrival-counts.ts';
import { modulate } from '../../../src/plan/modulate.ts';
import { processMoments } from '../../../src/plan/processes/process-moments.ts';
import { arrivalsUnder, flat, lengthUs, peakOf, type RateCurve } from '../../../src/plan/rate-curve.ts';
import { patternOf } from '../../../src/plan/shapes/pattern-of.ts';
import { randomStreamsOf } from '../../../src/plan/random-streams.ts';
import { surgeOf } from '../../../src/scenario/traffic/traffic-count.ts';
import type { ArrivalProcess, Mmpp } from '../../../src/scenario/traffic/traffic.ts';
import { correlationOf, exponentialCdf, meanOf, strayOf } from '../statistics.ts';
import { anyProcess, anyRateShape } from '../traffic-arbitraries.ts';

const uniform = { kind: 'uniform' } as const;
const poisson = { kind: 'poisson' } as const;
const bursty: Mmpp = { kind: 'mmpp', low: 0.1, highForMs: 200, lowForMs: 1800 };
const onOff: Mmpp = { kind: 'mmpp', low: 0, highForMs: 500, lowForMs: 500 };

const second = 1e6;
const curves = fc.record({ shape: anyRateShape, durationMs: fc.double({ min: 10, max: 9000, noNaN: true }) });
const seed = fc.integer({ min: 0, max: 2 ** 31 });

function momentsOf(curve: RateCurve, process: ArrivalProcess, given = 1): number[] {
  return processMoments(curve, process, randomStreamsOf(given, 'phase'));
}

function gapsOf(moments: readonly number[]): number[] {
  return moments.slice(1).map((moment, index) => moment - moments[index]!);
}

describe('the arrivals of any process under any curve', () => {
  it('are whole microseconds, in order, from the start of the phase to before its end', () => {
    fc.assert(
      fc.property(curves, anyProcess, seed, ({ shape, durationMs }, process, given) => {
        const { curve } = patternOf({ shape, durationMs });
        const moments = momentsOf(curve, process, given);
        expect(lengthUs(curve)).toBe(Math.floor(durationMs * 1000));
        expect(moments.every((moment) => Number.isInteger(moment))).toBe(true);
        expect(gapsOf(moments).every((gap) => gap >= 0)).toBe(true);
        expect(moments[0] ?? 0).toBeGreaterThanOrEqual(0);
        expect(moments.at(-1) ?? 0).toBeLessThan(Math.floor(durationMs * 1000));
      }),
      { numRuns: 100 },
    );
  });

  it('are none where the rate is 0', () => {
    for (const process of [uniform, poisson, bursty]) {
      expect(momentsOf([...flat(0, second), ...flat(100, second), ...flat(0, second)], process)).toSatisfy(
        (moments: number[]) => moments.every((moment) => moment >= second && moment < 2 * second),
      );
    }
  });

  it.each([
    ['poisson', poisson],
    ['mmpp', bursty],
  ])('come in proportion to the area under it: %s', (_, process) => {
    fc.assert(
      fc.property(curves, ({ shape }) => {
        // One long phase: 100 s are 50 cycles of the states.
        const { curve } = patternOf({ shape, durationMs: 100_000 });
        const expected = arrivalsUnder(curve);
        const shapeAtPeak = { kind: 'constant', ratePerSec: peakOf(curve) } as const;
        const dispersion = longRunDispersionOf({ shape: shapeAtPeak, arrivals: process }) ?? 1;
        const deviation = Math.sqrt(expected * dispersion);
        expect(Math.abs(momentsOf(curve, process).length - expected)).toBeLessThanOrEqual(4 * deviation + 1);
      }),
      { numRuns: 12, seed: 7 },
    );
  });
});

describe('uniform arrivals', () => {
  it('are exactly rate x duration, rounded half up', () => {
    const cases = [
      [20, 10_000, 200],
      [0.1, 30_000, 3],
      [0.7, 50_000, 35],
      [2.05, 30_000, 62],
      [3, 500, 2],
      [0.4, 1000, 0],
      [0, 10_000, 0],
    ] as const;
    for (const [perSec, durationMs, wanted] of cases)
      expect(momentsOf(flat(perSec, durationMs * 1000), uniform)).toHaveLength(wanted);
  });

  it('are exactly as many as the area under any curve, rounded', () => {
    fc.assert(
      fc.property(curves, ({ shape, durationMs }) => {
        const { curve } = patternOf({ shape, durationMs });
        expect(Math.abs(momentsOf(curve, uniform).length - arrivalsUnder(curve))).toBeLessThanOrEqual(
          0.5 + 1e-6,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('are evenly spaced at a constant rate, and half a gap from both its ends', () => {
    const moments = momentsOf(flat(200, second), uniform);
    expect(moments.slice(0, 3)).toEqual([2500, 7500, 12_500]);
    expect(moments.at(-1)).toBe(997_500);
    expect(gapsOf(moments).every((gap) => Math.abs(gap - 5000) <= 1)).toBe(true);
  });

  it('come the closer together the higher a ramp has climbed', () => {
    const moments = momentsOf([{ fromPerSec: 0, toPerSec: 100, durationUs: 10 * second }], uniform);
    expect(moments).toHaveLength(500);
    // Half the arrivals come by T / sqrt 2, where half the triangle's area lies.
    expect(moments[250]! / 1e6).toBeCloseTo(10 / Math.SQRT2, 1);
    const gaps = gapsOf(moments);
    for (const [index, gap] of gaps.slice(1).entries()) expect(gap).toBeLessThanOrEqual(gaps[index]! + 1);
  });

  it('keep to each piece of a curve its own spacing', () => {
    const moments = momentsOf([...flat(10, second), ...flat(100, second), ...flat(20, second)], uniform);
    const counts = [0, 1, 2].map((from) => moments.filter((us) => Math.floor(us / second) === from).length);
    expect(counts).toEqual([10, 100, 20]);
  });
});

describe('poisson arrivals', () => {
  it('have exponential gaps', () => {
    const gaps = gapsOf(momentsOf(flat(100, 40 * second), poisson));
    expect(gaps.length).toBeGreaterThan(3700);
    expect(strayOf(gaps, exponentialCdf(10_000))).toBeLessThan(1.63);
  });

  it('have the mean and the spread of a Poisson count', () => {
    const counts = Array.from(
      { length: 400 },
      (_, given) => momentsOf(flat(50, 2 * second), poisson, given).length,
    );
    const mean = meanOf(counts);
    const variance = meanOf(counts.map((count) => (count - mean) * (count - mean)));
    // Four standard errors: of the mean sqrt(100 / 400) = 0.5, of the variance 100 sqrt(2 / 400) = 7.1.
    expect(Math.abs(mean - 100)).toBeLessThan(2);
    expect(Math.abs(variance - 100)).toBeLessThan(29);
  });

  it('come under a ramp as its area grows', () => {
    const ramp = { fromPerSec: 0, toPerSec: 400, durationUs: 10 * second };
    const moments = momentsOf([ramp], poisson, 3);
    expect(strayOf(moments, (us) => (us / ramp.durationUs) * (us / ramp.durationUs))).toBeLessThan(1.63);
  });

  describe('of small seeds', () => {
    const firsts = Array.from(
      { length: 201 },
      (_, given) => momentsOf(flat(100, second), poisson, given)[0]!,
    );

    it('have first gaps that are exponential over the seeds 0 to 200', () => {
      expect(new Set(firsts).size).toBe(201);
      expect(strayOf(firsts, exponentialCdf(10_000))).toBeLessThan(1.63);
    });

    it('have nothing in common with those of the next seeds', () => {
      // Four standard deviations of 1 / sqrt(200).
      for (const lag of [1, 2, 3])
        expect(Math.abs(correlationOf(firsts.slice(lag), firsts.slice(0, -lag)))).toBeLessThan(0.28);
    });

    it('have nothing in common with those of another phase, or with the first states of an mmpp', () => {
      const other = firsts.map(
        (_, given) => processMoments(flat(100, second), poisson, randomStreamsOf(given, 'other'))[0]!,
      );
      const states = firsts.map((_, given) => randomStreamsOf(given, 'phase')('states')());
      expect(Math.abs(correlationOf(firsts, other))).toBeLessThan(0.28);
      expect(Math.abs(correlationOf(firsts, states))).toBeLessThan(0.28);
    });
  });
});

describe('mmpp arrivals', () => {
  it('have the rate as their mean, over long and over many short phases', () => {
    const long = momentsOf(flat(50, 2000 * second), bursty, 2).length / 2000;
    expect(long).toBeGreaterThan(46);
    expect(long).toBeLessThan(54);
    const short = meanOf(
      Array.from({ length: 2000 }, (_, given) => momentsOf(flat(50, second), bursty, given).length),
    );
    expect(short).toBeGreaterThan(46);
    expect(short).toBeLessThan(54);
  });

  it('are poisson where both states are alike', () => {
    const alike: Mmpp = { ...bursty, low: 1 };
    expect(gapsOf(momentsOf(flat(100, 40 * second), alike))).toSatisfy(
      (gaps: number[]) => strayOf(gaps, exponentialCdf(10_000)) < 1.63,
    );
  });

  it('come at the high rate or not at all where the low state is off', () => {
    const moments = momentsOf(flat(1000, 20 * second), onOff);
    const gaps = gapsOf(moments);
    // The high state has twice the mean rate: gaps inside it are of 500 us, those over 20 ms are pauses.
    const inside = gaps.filter((gap) => gap < 20_000);
    expect(meanOf(inside)).toBeGreaterThan(480);
    expect(meanOf(inside)).toBeLessThan(520);
    const pauses = gaps.filter((gap) => gap >= 20_000);
    expect(meanOf(pauses) / 1000).toBeGreaterThan(250);
    expect(meanOf(pauses) / 1000).toBeLessThan(1000);
  });

  it('are refused where a rare high state makes more of them than fit into memory', () => {
    // 100,000 in the mean, none in most seeds, and 101 times the rate in the seeds that begin high.
    const rare: Mmpp = { kind: 'mmpp', low: 0, highForMs: 10_000, lowForMs: 1_000_000 };
    const outcomes = Array.from({ length: 400 }, (_, given) => {
      try {
        return String(momentsOf(flat(1e5, second), rare, given).length);
      } catch (error) {
        return error instanceof InputError ? error.problems[0]?.message : error;
      }
    });
    expect(outcomes).toContain('0');
    expect(outcomes).toContain('the phases ask for 10100000 arrivals; a run holds at most 10000000');
  });

  it('come to the index of dispersion that theory has for long windows', () => {
    // 100/s and 0/s with leave rates of 1/s: vector MMPP-100-0, whose index is 51.
    const vector: Mmpp = { kind: 'mmpp', low: 0, highForMs: 1000, lowForMs: 1000 };
    const moments = momentsOf(flat(50, 10_000 * second), vector, 4);
    // Windows of a second are too short for it, those of 100 s are long: they are seconds once time is slowed down.
    const dispersion = dispersionOf(
      moments.map((us) => us / 100),
      100 * second,
    );
    // Three standard errors of a variance over 100 windows: 51 x 3 sqrt(2 / 100) = 22.
    expect(dispersion).toBeGreaterThan(51 - 22);
    expect(dispersion).toBeLessThan(51 + 22);
  });
});

describe('a modulated curve', () => {
  const stretches = fc
    .array(
      fc.tuple(fc.double({ min: 0, max: 2e6, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true })),
      {
        maxLength: 20,
      },
    )
    .map((list) => {
      let untilUs = 0;
      return [...list, [1e8, 1] as const].map(([us, factor]) => ({ untilUs: (untilUs += us), factor }));
    });

  it('is as long as before, and higher by the factor of each stretch', () => {
    fc.assert(
      fc.property(curves, stretches, ({ shape, durationMs }, list) => {
        const { curve } = patternOf({ shape, durationMs });
        expect(lengthUs(modulate(curve, list))).toBe(lengthUs(curve));
        const doubled = list.map(({ untilUs, factor }) => ({ untilUs, factor: 2 * factor }));
        expect(arrivalsUnder(modulate(curve, doubled))).toBeCloseTo(
          2 * arrivalsUnder(modulate(curve, list)),
          6,
        );
        const same = list.map(({ untilUs }) => ({ untilUs, factor: 1 }));
        expect(arrivalsUnder(modulate(curve, same))).toBeCloseTo(arrivalsUnder(curve), 6);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the slope of a ramp inside each stretch', () => {
    const ramp = [{ fromPerSec: 0, toPerSec: 100, durationUs: 4e6 }];
    const states = [
      { untilUs: 1e6, factor: 2 },
      { untilUs: 9e6, factor: 0 },
    ];
    expect(modulate(ramp, states)).toEqual([
      { fromPerSec: 0, toPerSec: 50, durationUs: 1e6 },
      { fromPerSec: 0, toPerSec: 0, durationUs: 3e6 },
    ]);
  });

  it('has a high state whose share of the time and factor make a mean of 1', () => {
    fc.assert(
      fc.property(anyProcess, (process) => {
        fc.pre(process.kind === 'mmpp');
        const { low, highForMs, lowForMs } = process;
        const surge = surgeOf(process);
        const mean = (surge * highForMs + surge * low * lowForMs) / (highForMs + lowForMs);
        expect(mean).toBeCloseTo(1, 9);
      }),
    );
  });
});
