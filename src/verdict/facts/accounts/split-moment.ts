import { noRequests, type Requests, type Slots } from './account.ts';
import type { RequestCount } from './request-counts.ts';

/*
 * Of the requests that the service has, as many as there are sessions at work are in the database. The rest, less what the
 * service itself took for a request at baseline (Little: X * E), waits:
 *
 *     waiting = inside - (active + lock + in transaction) - X * E
 *
 * It waits for a session where every pool is full, or where the server refuses more. Where sessions are idle meanwhile,
 * those that are not handed on are held (`supply.ts`), unless they may be of an instance that nobody asks. Where a pool has
 * room, it waits for something else.
 */

/** Whether another session can be opened: a pool has room, all are full, or the server refuses; null: not known. */
export type Room = 'left' | 'full' | 'refused' | null;

interface MomentInput {
  readonly count: RequestCount;
  readonly sessions: Slots;
  /** E: seconds of a request outside the database at baseline; null without a baseline. */
  readonly ownEach: number | null;
  readonly room: Room;
  readonly supply: number | null;
}

/** Splits the requests of a moment, and its idle sessions. */
export function splitMoment({ count, sessions, ownEach, room, supply }: MomentInput): {
  readonly slots: Slots;
  readonly requests: Requests;
} {
  const busy = sessions.active + sessions.lock + sessions.in_transaction;
  const inDatabase = busy === 0 ? 0 : Math.min(1, count.inside / busy);
  const known = {
    ...noRequests,
    front: count.front,
    active: sessions.active * inDatabase,
    lock: sessions.lock * inDatabase,
    in_transaction: sessions.in_transaction * inDatabase,
  };
  const rest = count.inside - busy * inDatabase;
  if (ownEach === null) return { slots: sessions, requests: { ...known, unknown: rest } };
  const elsewhere = Math.min(rest, count.endedPerSec * ownEach);
  const stuck = rest - elsewhere;
  const { idle } = sessions;
  if (stuck < 1 || room === 'left')
    return { slots: sessions, requests: { ...known, elsewhere: elsewhere + stuck } };
  if (room === 'refused') return { slots: sessions, requests: { ...known, elsewhere, waiting: stuck } };
  if (room === null || (supply === null && idle > 0))
    return {
      slots: { ...sessions, idle: 0, unknown: sessions.unknown + idle },
      requests: { ...known, elsewhere, unknown: stuck },
    };
  const kept = 1 - (supply ?? 0);
  const held = Math.min(idle * kept, stuck);
  // With idle sessions at hand, as many wait for one as were not given any; the others wait for something else.
  const waiting = idle === 0 ? stuck : (stuck - held) * kept;
  return {
    slots: { ...sessions, idle: idle - held, held },
    requests: { ...known, holding: held, waiting, elsewhere: elsewhere + stuck - held - waiting },
  };
}
