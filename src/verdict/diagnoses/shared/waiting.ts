import { accountsOver, noSlots, totalOf, type Requests, type Slots } from '../../facts/accounts/account.ts';
import { momentsOf } from '../../facts/accounts/moments.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';

/** The time in which requests waited for a session, and what was going on meanwhile. */
export interface Waiting {
  readonly seconds: number;
  /** Mean requests by where they were. */
  readonly requests: Requests;
  /** Mean sessions of the service by what they were at, and all of them together. */
  readonly sessions: Slots;
  readonly total: number;
  /** Of all the time that requests spent in the service during the load: the share that this waiting took, 0..1. */
  readonly share: number;
}

/** Shorter, nothing can be said about it. */
const fewestSeconds = 2;
const leastShare = 0.05;

/** Null where hardly anybody waited: less than two seconds, or less than 5 % of what requests spent in the service. */
export function waitingOf(run: RunFacts, { contract }: ServiceFacts): Waiting | null {
  const moments = momentsOf(run);
  const busy = moments.filter(({ requests }) => requests.waiting >= 1);
  const { seconds, slots, requests } = accountsOver(busy, -Infinity, Infinity);
  const all = accountsOver(moments, -Infinity, Infinity).requests;
  const inside = totalOf(all) - all.front;
  const share = inside === 0 ? 0 : requests.waiting / inside;
  if (seconds < fewestSeconds || share < leastShare) return null;
  const sessions = perSecond(slots.get(contract.name) ?? noSlots, seconds);
  return { seconds, requests: perSecond(requests, seconds), sessions, total: totalOf(sessions), share };
}

function perSecond<Key extends string>(
  account: Readonly<Record<Key, number>>,
  seconds: number,
): Record<Key, number> {
  const entries = Object.entries<number>(account).map(([key, value]) => [key, value / seconds]);
  return Object.fromEntries(entries) as Record<Key, number>;
}
