import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noSlots, totalOf, type Slots } from '../../../../src/verdict/facts/accounts/account.ts';
import { splitMoment } from '../../../../src/verdict/facts/accounts/split-moment.ts';

const sessions = (some: Partial<Slots>): Slots => ({ ...noSlots, ...some });
const inside = (count: number): { front: number; inside: number; endedPerSec: number } => ({
  front: 0,
  inside: count,
  endedPerSec: 0,
});

const amount = fc.double({ min: 0, max: 500, noNaN: true });
const anyMoment = fc.record({
  count: fc.record({ front: amount, inside: amount, endedPerSec: amount }),
  sessions: fc.record({
    starting: amount,
    active: amount,
    lock: amount,
    in_transaction: amount,
    held: fc.constant(0),
    idle: amount,
    unknown: amount,
  }),
  ownEach: fc.option(fc.double({ min: 0, max: 10, noNaN: true }), { nil: null }),
  room: fc.constantFrom('left', 'full', 'refused', null),
  supply: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
});

describe('the accounts of a moment', () => {
  it('add up to every request and every session, and owe nothing', () => {
    fc.assert(
      fc.property(anyMoment, (given) => {
        const { slots, requests } = splitMoment(given);
        expect(totalOf(requests)).toBeCloseTo(given.count.front + given.count.inside, 6);
        expect(totalOf(slots)).toBeCloseTo(totalOf(given.sessions), 6);
        for (const value of [...Object.values(requests), ...Object.values(slots)])
          expect(value).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  it('put no more requests into the database than there are sessions at work', () => {
    fc.assert(
      fc.property(anyMoment, (given) => {
        const { active, lock, in_transaction: open } = splitMoment(given).requests;
        const busy = given.sessions.active + given.sessions.lock + given.sessions.in_transaction;
        expect(active + lock + open).toBeLessThanOrEqual(Math.min(busy, given.count.inside) + 1e-6);
      }),
    );
  });

  it('say that requests wait where every session is at work', () => {
    const { requests } = splitMoment({
      count: inside(154),
      sessions: sessions({ active: 18 }),
      ownEach: 0,
      room: 'full',
      supply: null,
    });
    expect(requests).toMatchObject({ active: 18, waiting: 136, elsewhere: 0, unknown: 0 });
  });

  it('say that idle sessions are held where full pools hand none of them on', () => {
    const { slots, requests } = splitMoment({
      count: inside(50),
      sessions: sessions({ idle: 9 }),
      ownEach: 0,
      room: 'full',
      supply: 0,
    });
    expect(slots).toMatchObject({ held: 9, idle: 0 });
    expect(requests).toMatchObject({ holding: 9, waiting: 41 });
  });

  it('say that requests wait for something else where sessions are handed on', () => {
    const { slots, requests } = splitMoment({
      count: inside(50),
      sessions: sessions({ idle: 9 }),
      ownEach: 0,
      room: 'full',
      supply: 1,
    });
    expect(slots).toMatchObject({ held: 0, idle: 9 });
    expect(requests).toMatchObject({ holding: 0, waiting: 0, elsewhere: 50 });
  });

  it('or where a pool may still open one', () => {
    const given = { count: inside(50), sessions: sessions({ idle: 3 }), ownEach: 0, supply: 0 };
    expect(splitMoment({ ...given, room: 'left' }).requests).toMatchObject({ waiting: 0, elsewhere: 50 });
  });

  it('say that requests wait where the server refuses: idle sessions may be of instances that nobody asks', () => {
    const given = { count: inside(50), sessions: sessions({ idle: 9 }), ownEach: 0, supply: 0 };
    const { slots, requests } = splitMoment({ ...given, room: 'refused' });
    expect(slots).toMatchObject({ idle: 9, held: 0 });
    expect(requests).toMatchObject({ waiting: 50, holding: 0 });
  });

  it('say that nobody knows where nothing tells', () => {
    const given = {
      count: inside(50),
      sessions: sessions({ active: 4, idle: 3 }),
      ownEach: 0,
      room: 'full',
    } as const;
    expect(splitMoment({ ...given, supply: null }).requests).toMatchObject({ active: 4, unknown: 46 });
    expect(splitMoment({ ...given, supply: null }).slots).toMatchObject({ active: 4, idle: 0, unknown: 3 });
    expect(splitMoment({ ...given, ownEach: null, supply: 1 }).requests).toMatchObject({ unknown: 46 });
  });
});
