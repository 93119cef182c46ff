/** Load that meets a fleet of zero instances, in seconds and requests per second. */
export interface ColdStart {
  readonly ratePerSec: number;
  readonly durationSec: number;
  readonly startupSec: number;
  /** What the whole fleet serves once it is up. */
  readonly capacityPerSec: number;
  /** How long the platform lets a request wait for an instance. */
  readonly pendingLimitSec: number;
}

export interface ColdStartOutlook {
  /** The longest wait of a request that is served. */
  readonly longestWaitSec: number;
  /** When the first arrival is refused, counted from the first arrival of all; null when none is. */
  readonly firstRefusedSec: number | null;
  readonly refused: number;
}

/**
 * A fluid model: nothing is served until `startup`, then `capacity` per second. A request that arrives at t has lambda t
 * before it and waits startup + (lambda / capacity - 1) t, until that exceeds the pending limit at
 *
 *     t* = (pending limit - startup) / (lambda / capacity - 1)
 *
 * From then on arrivals above the capacity, lambda - capacity, are refused.
 */
export function coldStart(start: ColdStart): ColdStartOutlook {
  const { ratePerSec, durationSec, startupSec, capacityPerSec, pendingLimitSec } = start;
  const growth = Math.max(0, ratePerSec / capacityPerSec - 1);
  const fullAtSec = Math.max(0, pendingLimitSec - startupSec) / growth;
  const longestWaitSec = Math.min(pendingLimitSec, startupSec + growth * durationSec);
  if (!(fullAtSec < durationSec)) return { longestWaitSec, firstRefusedSec: null, refused: 0 };
  return {
    longestWaitSec,
    firstRefusedSec: fullAtSec,
    refused: (ratePerSec - capacityPerSec) * (durationSec - fullAtSec),
  };
}
