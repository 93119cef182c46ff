import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestStep, endOfSearch, type CapacityStep } from '../../src/run/search-capacity.ts';

function step(rate: number, goodput: number, more: Partial<CapacityStep> = {}): CapacityStep {
  const noise = 0.02 * goodput;
  return {
    rate_per_sec: rate,
    goodput_per_sec: goodput,
    low_per_sec: goodput - noise,
    high_per_sec: goodput + noise,
    failed: 0,
    seconds: 18,
    ...more,
  };
}

/** The steps that a service of a kind would be asked for, until the search ends. */
function searched(serve: (rate: number) => CapacityStep, start = 10): readonly CapacityStep[] {
  const steps: CapacityStep[] = [];
  for (let rate = start; steps.length < 40 && endOfSearch(steps) === null; rate *= 1.25)
    steps.push(serve(rate));
  return steps;
}

describe('the search for a capacity', () => {
  it('goes on while the service gives what it is asked for', () => {
    expect(endOfSearch([])).toBeNull();
    expect(endOfSearch([step(20, 20)])).toBeNull();
    expect(endOfSearch([step(20, 20), step(25, 25)])).toBeNull();
  });

  it('ends at more than 5 % failures, with the numbers', () => {
    expect(endOfSearch([step(80, 80, { failed: 0.05 })])).toBeNull();
    expect(endOfSearch([step(100, 80, { failed: 0.2 })])).toBe('20 % failed at 100/s, more than 5 %');
  });

  it('ends when goodput falls, and when the step before asked for more than there is', () => {
    expect(endOfSearch([step(80, 80), step(100, 70)])).toMatch(
      /stopped rising: 71.4\/s at most at 100\/s, 80\/s before/,
    );
    expect(endOfSearch([step(80, 80), step(100, 90), step(125, 91)])).toMatch(
      /the step before asked for 100\/s/,
    );
    expect(endOfSearch([step(80, 80), step(100, 90), step(125, 99)])).toBeNull();
  });

  it('finds what a service can do, whether it refuses or lets everyone wait, within a step or two beyond it', () => {
    fc.assert(
      fc.property(fc.double({ min: 12, max: 2000, noNaN: true }), fc.boolean(), (capacity, refuses) => {
        const steps = searched((rate) => {
          const goodput = Math.min(rate, capacity);
          return step(rate, goodput, { failed: refuses ? 1 - goodput / rate : 0 });
        });
        expect(endOfSearch(steps)).not.toBeNull();
        const best = bestStep(steps)?.goodput_per_sec ?? 0;
        // What is less than 5 % beyond a step is not told from it by failures.
        expect(best).toBeGreaterThan(0.94 * capacity);
        expect(best).toBeLessThanOrEqual(capacity);
        expect(steps.at(-1)?.rate_per_sec).toBeLessThan(capacity * 1.25 ** 3);
      }),
    );
  });
});
