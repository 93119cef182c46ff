import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalOf, connectionsAhead, dueOfLane, laneCount } from '../../src/load/lanes.ts';

describe('the number of lanes', () => {
  it('is one up to 2000 requests a second, whatever the machine', () => {
    for (const cpus of [1, 2, 64]) {
      expect(laneCount(0, cpus)).toBe(1);
      expect(laneCount(2000, cpus)).toBe(1);
    }
  });

  it('grows with the rate and leaves two cores free', () => {
    expect(laneCount(2001, 16)).toBe(2);
    expect(laneCount(20_000, 16)).toBe(10);
    expect(laneCount(20_000, 4)).toBe(2);
    expect(laneCount(20_000, 2)).toBe(1);
  });
});

describe('the share of a lane', () => {
  const small = fc.integer({ min: 1, max: 9 });

  it('gives every due arrival to exactly one lane', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), small, (due, lanes) => {
        const given = Array.from({ length: lanes }, (_, lane) =>
          Array.from({ length: dueOfLane(due, lane, lanes) }, (__, k) => arrivalOf(lane, lanes, k)),
        ).flat();
        expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: due }, (_, index) => index));
      }),
    );
  });
});

describe('the connections opened ahead', () => {
  it('suffice for a tenth of a second, within bounds', () => {
    expect(connectionsAhead(200, 1, 2000)).toBe(20);
    expect(connectionsAhead(1, 1, 2000)).toBe(8);
    expect(connectionsAhead(10_000, 2, 2000)).toBe(64);
    expect(connectionsAhead(200, 1, 3)).toBe(3);
  });
});
