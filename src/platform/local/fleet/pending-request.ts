import type { Place } from './member.ts';
import type { Refusal } from './profile.ts';

/** A request as the fleet sees it. Exactly one of its two methods is called, exactly once. */
export interface Caller<I> {
  readonly arrivedUs: number;
  handTo(place: Place<I>): void;
  refuse(reason: Refusal): void;
}

/** A request that waits for an instance, and which limit ends its wait. */
export interface PendingRequest<I> {
  readonly caller: Caller<I>;
  readonly deadlineUs: number;
  readonly limit: 'pending' | 'timeout';
}

/** The wait is over at the pending limit or with the request's own timeout, whichever comes first. */
export function pendingRequest<I>(
  caller: Caller<I>,
  pendingUs: number | null,
  timeoutUs: number,
): PendingRequest<I> {
  const limitUs = Math.min(pendingUs ?? timeoutUs, timeoutUs);
  return {
    caller,
    deadlineUs: caller.arrivedUs + limitUs,
    limit: limitUs === timeoutUs ? 'timeout' : 'pending',
  };
}
