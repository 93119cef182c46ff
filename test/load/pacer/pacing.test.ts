import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnAhead, sleepUs } from '../../../src/load/pacer/pacing.ts';

const moment = { nowUs: 1000, nextUs: 1000, lastUs: -Infinity, aheadUs: 0 };

describe('how long the pacer sleeps', () => {
  it('is until the next arrival, less what waking takes', () => {
    expect(sleepUs({ ...moment, nextUs: 6000 })).toBe(5000);
    expect(sleepUs({ ...moment, nextUs: 6000, aheadUs: 80 })).toBe(4920);
    expect(sleepUs({ ...moment, nextUs: 900 })).toBe(0);
  });

  it('is never so short that lanes are woken more than ten thousand times a second', () => {
    const times = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(times, (unsorted) => {
        const intended = unsorted.sort((a, b) => a - b);
        const wakes: number[] = [];
        let nowUs = 0;
        let lastUs = -Infinity;
        for (let due = 0; due < intended.length;) {
          nowUs += sleepUs({ nowUs, nextUs: intended[due]!, lastUs, aheadUs: 0 });
          const from = due;
          while (due < intended.length && intended[due]! <= nowUs) due += 1;
          expect(due).toBeGreaterThan(from);
          // None later than a shared wake makes it.
          expect(nowUs - intended[from]!).toBeLessThanOrEqual(100);
          wakes.push((lastUs = nowUs));
        }
        for (let index = 1; index < wakes.length; index += 1)
          expect(wakes[index]! - wakes[index - 1]!).toBeGreaterThanOrEqual(100);
      }),
    );
  });
});

describe('what the pacer learns', () => {
  const learned = (costUs: number, rounds: number): number => {
    let aheadUs = 0;
    for (let round = 0; round < rounds; round += 1) aheadUs = learnAhead(aheadUs, costUs - aheadUs);
    return aheadUs;
  };

  it('is what waking costs', () => {
    expect(learned(80, 200)).toBeCloseTo(80, 0);
    expect(learned(20, 200)).toBeCloseTo(20, 0);
  });

  it('stays within what waking can take, and forgets no habit over a stall', () => {
    expect(learned(900, 500)).toBe(250);
    expect(learnAhead(5, -400)).toBe(0);
    expect(learnAhead(70, 60_000)).toBe(70);
  });
});
