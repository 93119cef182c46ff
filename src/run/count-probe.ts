import type { Attempt } from '../evidence/attempt.ts';
import type { ProbeEvent } from '../evidence/event.ts';

/** What the probe asked for, and of how many instances. */
export interface ProbeSetting {
  readonly alive: number;
  /** Sessions that one instance should have: W x P. */
  readonly sessionsEach: number;
  /** Whether all of an instance's sessions are in one pool. */
  readonly isOneProcess: boolean;
  readonly holdUs: number;
  /** The number of the probe's first arrival. */
  readonly firstArrival: number;
}

type Counts = Pick<ProbeEvent, 'alive' | 'sent' | 'ok' | 'hold_us' | 'slowest_us'>;

/** How many sessions one instance was asked for at once, and how many it had free. */
interface Shown {
  asked: number;
  free: number;
}

/** In holds: a request that has to wait for a session takes two of them, one that does not takes one. */
const waited = 1.5;

/** Below this, requests sent together may not have held their sessions together. */
const shortestHoldUs = 200_000;

/**
 * Counts the sessions that the pools can still give at once. The platform spreads requests as it likes: an instance that
 * gets more than its pool has makes some wait, and one that gets fewer shows less than it has. So each instance is held
 * to the most it was asked for in any try, W x P at most, and credited with the most it gave in any try:
 *
 *     ok = sent - sum over instances of (asked - free), and never more than came back in the best try
 *
 * A leaked session is missing in every try, bad luck only in some. With one pool per instance, a request that had to
 * wait found no free session; with several processes it may have met the wrong one, and counts if it was served.
 * Where requests end too soon to tell, none counts as sent at once.
 */
export function countProbe(attempts: readonly Attempt[], setting: ProbeSetting): Counts {
  const { alive, sessionsEach, holdUs, firstArrival } = setting;
  const sent = alive * sessionsEach;
  const tries = grouped(attempts, ({ arrival }) => Math.floor((arrival - firstArrival) / sent));
  const served = attempts.filter(({ outcome }) => outcome === 'ok').map(tookUs);
  const fastestUs = Math.min(...served);
  const isFree = freeBy(setting, Math.max(holdUs, fastestUs));
  const shown = new Map<string, Shown>();
  let answered = 0;
  for (const one of tries.values()) {
    answered = Math.max(answered, one.filter(({ instance }) => instance !== null).length);
    for (const [instance, requests] of grouped(one, (attempt) => attempt.instance)) {
      if (instance === null) continue;
      const known = shown.get(instance) ?? { asked: 0, free: 0 };
      const asked = Math.max(known.asked, Math.min(requests.length, sessionsEach));
      const free = Math.max(known.free, Math.min(requests.filter(isFree).length, sessionsEach));
      shown.set(instance, { asked, free });
    }
  }
  // They ended too soon to have overlapped: a later one may have reused an earlier one's session.
  if (fastestUs < shortestHoldUs)
    return { alive, sent: 0, ok: 0, hold_us: holdUs, slowest_us: slowestUs(attempts) };
  const missing = [...shown.values()].reduce((sum, { asked, free }) => sum + asked - free, 0);
  return {
    alive,
    sent,
    ok: Math.max(0, Math.min(sent - missing, answered)),
    hold_us: holdUs,
    slowest_us: slowestUs(attempts),
  };
}

function grouped<Key>(
  attempts: readonly Attempt[],
  by: (attempt: Attempt) => Key,
): ReadonlyMap<Key, readonly Attempt[]> {
  const groups = new Map<Key, Attempt[]>();
  for (const attempt of attempts) {
    const known = groups.get(by(attempt));
    if (known === undefined) groups.set(by(attempt), [attempt]);
    else known.push(attempt);
  }
  return groups;
}

function freeBy({ isOneProcess }: ProbeSetting, holdUs: number): (attempt: Attempt) => boolean {
  return (attempt) => attempt.outcome === 'ok' && (!isOneProcess || tookUs(attempt) < waited * holdUs);
}

function slowestUs(attempts: readonly Attempt[]): number {
  return attempts.reduce((slowest, attempt) => Math.max(slowest, tookUs(attempt)), 0);
}

/** Counted from when the instance received it, where that is known. */
function tookUs({ endedUs, receivedUs, sentUs }: Attempt): number {
  return (endedUs ?? sentUs) - (receivedUs ?? sentUs);
}
