import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clientOf,
  connectionsAhead,
  laneCount,
  ownerOf,
  sharingOf,
  type Sharing,
} from '../../../src/load/lane/lanes.ts';

describe('the number of lanes', () => {
  it('is one up to 4000 requests a second, whatever the machine', () => {
    for (const cpus of [1, 2, 64]) {
      expect(laneCount(0, cpus)).toBe(1);
      expect(laneCount(4000, cpus)).toBe(1);
    }
  });

  it('grows with the rate and leaves two cores free', () => {
    expect(laneCount(4001, 16)).toBe(2);
    expect(laneCount(40_000, 16)).toBe(10);
    expect(laneCount(40_000, 4)).toBe(2);
    expect(laneCount(20_000, 2)).toBe(1);
  });
});

interface Given {
  readonly lanes: number;
  readonly clients: number;
  readonly isByClient: boolean;
  readonly seed: number;
}

describe('the lane of an arrival', () => {
  const sharing = fc.record({
    lanes: fc.integer({ min: 1, max: 9 }),
    clients: fc.integer({ min: 1, max: 50 }),
    isByClient: fc.boolean(),
    seed: fc.nat(),
  });
  const make = ({ lanes, clients, isByClient, seed }: Given): Sharing =>
    sharingOf(lanes, clients, isByClient, seed);

  it('is one of them, the same whenever it is asked', () => {
    fc.assert(
      fc.property(sharing, fc.nat({ max: 1e7 }), (given, arrival) => {
        const owner = ownerOf(make(given), arrival);
        expect(owner).toBeGreaterThanOrEqual(0);
        expect(owner).toBeLessThan(given.lanes);
        expect(ownerOf(make(given), arrival)).toBe(owner);
      }),
    );
  });

  it('is one for all arrivals of a client that remembers something', () => {
    fc.assert(
      fc.property(sharing, (given) => {
        const shared = make({ ...given, isByClient: true });
        const lanesOf = new Map<number, Set<number>>();
        for (let arrival = 0; arrival < 300; arrival += 1) {
          const client = clientOf(shared, arrival);
          lanesOf.set(client, (lanesOf.get(client) ?? new Set()).add(ownerOf(shared, arrival)));
        }
        for (const lanes of lanesOf.values()) expect(lanes.size).toBe(1);
        for (const client of lanesOf.keys()) expect(client).toBeLessThan(given.clients);
      }),
    );
  });

  it('takes every client and every lane in turn as often as any other', () => {
    const shared = sharingOf(4, 20, false, 3);
    const counts = (of: (arrival: number) => number, size: number): number[] => {
      const seen = Array.from({ length: size }, () => 0);
      for (let arrival = 0; arrival < 20_000; arrival += 1) seen[of(arrival)]! += 1;
      return seen;
    };
    for (const count of counts((arrival) => ownerOf(shared, arrival), 4)) expect(count).toBe(5000);
    for (const count of counts((arrival) => clientOf(shared, arrival), 20)) {
      // 1000 expected, standard deviation 31.
      expect(count).toBeGreaterThan(850);
      expect(count).toBeLessThan(1150);
    }
  });
});

describe('the connections opened ahead', () => {
  it('suffice for a tenth of a second, within bounds', () => {
    expect(connectionsAhead(200, 1, 2000)).toBe(20);
    expect(connectionsAhead(1, 1, 2000)).toBe(8);
    expect(connectionsAhead(10_000, 2, 2000)).toBe(256);
    expect(connectionsAhead(200, 1, 3)).toBe(3);
  });
});
