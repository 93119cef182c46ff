import type { Hold, Holder } from './database-target.ts';

/** How much later than its time a fault may end when nobody takes it back. */
const marginMs = 3_000;
/** A fault that has no time of its own is held for so long after the last sign of life. */
const leaseMs = 10_000;
const renewEveryMs = 2_000;

/**
 * When the server itself ends what a session holds, should poolproof be frozen or gone: soon after the time of the fault,
 * during which the session is silent; or soon after the last sign of life of a fault that lasts.
 */
export function ownEnd(forMs: number | null): Pick<Hold, 'idleMs' | 'isRenewed'> {
  return forMs === null
    ? { idleMs: leaseMs, isRenewed: true }
    : { idleMs: forMs + marginMs, isRenewed: false };
}

/** Gives signs of life until it is stopped. */
export function renew(holder: Holder): () => void {
  const timer = setInterval(() => void holder.ask('select 1').catch(() => undefined), renewEveryMs);
  return () => clearInterval(timer);
}
