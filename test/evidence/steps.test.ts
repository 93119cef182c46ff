import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countAt,
  episodesAbove,
  peakOf,
  stepsOf,
  stepsWithin,
  timeAtLeast,
  type Step,
} from '../../src/evidence/sessions/steps.ts';

const changes = fc.array(fc.record({ tUs: fc.integer({ min: 0, max: 40 }), delta: fc.constantFrom(1, -1) }), {
  maxLength: 40,
});

describe('steps', () => {
  it('add up to the count at every moment, whatever the order of the changes', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: -1, max: 41 }), (given, tUs) => {
        const expected = given.filter((one) => one.tUs <= tUs).reduce((sum, { delta }) => sum + delta, 0);
        expect(countAt(stepsOf(given), tUs)).toBe(expected);
      }),
    );
  });

  it('have a peak that no count in the window exceeds and that was really reached', () => {
    const moment = fc.integer({ min: -5, max: 45 });
    fc.assert(
      fc.property(changes, moment, moment, (given, one, other) => {
        const [fromUs, toUs] = [Math.min(one, other), Math.max(one, other)];
        const steps = stepsOf(given);
        const peak = peakOf(steps, fromUs, toUs);
        expect(peak === null).toBe(given.length === 0);
        fc.pre(peak !== null);
        for (let tUs = fromUs; tUs <= toUs; tUs += 1)
          expect(countAt(steps, tUs)).toBeLessThanOrEqual(peak.count);
        const reached = [
          countAt(steps, peak.tUs),
          ...steps.filter((s) => s.tUs === peak.tUs).map((s) => s.count),
        ];
        expect(reached).toContain(peak.count);
        expect(peak.tUs).toBeGreaterThanOrEqual(fromUs);
        expect(peak.tUs).toBeLessThanOrEqual(toUs);
      }),
    );
  });

  it('show a peak that stands between two changes of the same microsecond', () => {
    const steps = stepsOf([
      { tUs: 5, delta: 1 },
      { tUs: 9, delta: 1 },
      { tUs: 9, delta: -1 },
    ]);
    expect(peakOf(steps, 0, 20)).toEqual({ tUs: 9, count: 2 });
    expect(countAt(steps, 9)).toBe(1);
  });

  it('tell "nothing was counted" from "the count was zero"', () => {
    expect(peakOf([], 0, 10)).toBeNull();
    expect(peakOf([{ tUs: 50, count: 3 }], 0, 10)).toEqual({ tUs: 0, count: 0 });
  });

  it('carry the count into a window that holds no step', () => {
    expect(peakOf([{ tUs: 1, count: 3 }], 5, 10)).toEqual({ tUs: 5, count: 3 });
  });
});

describe('episodes above a limit', () => {
  const at = (...pairs: [number, number][]): Step[] => pairs.map(([tUs, count]) => ({ tUs, count }));

  it('are one each from the step above to the step back, with their peak', () => {
    const steps = at([0, 4], [10, 5], [12, 7], [15, 4], [20, 6], [22, 1]);
    expect(episodesAbove(steps, 4, 100)).toEqual([
      { fromUs: 10, toUs: 15, peak: 7 },
      { fromUs: 20, toUs: 22, peak: 6 },
    ]);
  });

  it('end where the observation ends', () => {
    expect(episodesAbove(at([10, 5]), 4, 30)).toEqual([{ fromUs: 10, toUs: 30, peak: 5 }]);
    expect(episodesAbove(at([10, 5], [50, 0]), 4, 30)).toEqual([{ fromUs: 10, toUs: 30, peak: 5 }]);
    expect(episodesAbove(at([40, 5]), 4, 30)).toEqual([]);
  });

  it('are not parted by a dip without length', () => {
    expect(episodesAbove(at([10, 5], [15, 4], [15, 6], [20, 0]), 4, 30)).toEqual([
      { fromUs: 10, toUs: 20, peak: 6 },
    ]);
  });

  it('cover exactly the moments at which the count is above the limit', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 0, max: 5 }), (given, limit) => {
        const steps = stepsOf(given);
        const episodes = episodesAbove(steps, limit, 41);
        for (let tUs = 0; tUs <= 40; tUs += 1) {
          const covered = episodes.some(({ fromUs, toUs }) => fromUs <= tUs && tUs < toUs);
          expect(covered).toBe(countAt(steps, tUs) > limit);
        }
      }),
    );
  });
});

describe('at their edges', () => {
  const steps: readonly Step[] = [
    { tUs: 10, count: 3 },
    { tUs: 20, count: 5 },
    { tUs: 30, count: 0 },
  ];

  it('an episode that begins at the last moment is one, without length', () => {
    expect(episodesAbove(steps, 4, 20)).toEqual([{ fromUs: 20, toUs: 20, peak: 5 }]);
  });

  it('time at a level counts the level itself', () => {
    expect(timeAtLeast(steps, 3, 0, 40)).toBe(20);
    expect(timeAtLeast(steps, 4, 0, 25)).toBe(5);
  });

  it('a span begins with what held, a step of that very moment included, and leaves its end out', () => {
    expect(stepsWithin(steps, 10, 30)).toEqual(steps.slice(0, 2));
    expect(stepsWithin(steps, 20, 31)).toEqual(steps.slice(1));
    expect(stepsWithin(steps, 15, 31)).toEqual([{ tUs: 15, count: 3 }, ...steps.slice(1)]);
  });
});
