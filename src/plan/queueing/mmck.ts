/** M/M/c/K: the `places` K include those in service; an arrival that finds them all taken is refused at once. */
export interface BoundedQueue {
  readonly servers: number;
  readonly places: number;
  readonly ratePerSec: number;
  readonly servicePerSec: number;
}

export interface BoundedQueueState {
  readonly refused: number;
  readonly throughputPerSec: number;
  /** Mean number waiting. */
  readonly waiting: number;
  /** Mean wait of those admitted, seconds. */
  readonly meanWaitSec: number;
  /** Mean number in the system. */
  readonly inSystem: number;
  readonly busy: number;
}

/**
 * The steady state of the birth-death chain p(n+1) = p(n) lambda / (mu min(n+1, c)), n < K.
 * The chain is scaled as it grows, so that large K can't overflow.
 */
export function boundedQueue({
  servers,
  places,
  ratePerSec,
  servicePerSec,
}: BoundedQueue): BoundedQueueState {
  let total = 1;
  let inSystem = 0;
  let waiting = 0;
  let weight = 1;
  for (let n = 1; n <= places; n += 1) {
    const ratio = ratePerSec / (servicePerSec * Math.min(n, servers));
    // Dividing everything by max(1, ratio) keeps the newest weight at most the largest so far.
    const scale = Math.max(1, ratio);
    weight = (weight * ratio) / scale;
    total = total / scale + weight;
    inSystem = inSystem / scale + n * weight;
    waiting = waiting / scale + Math.max(0, n - servers) * weight;
  }
  const refused = places === 0 ? 1 : weight / total;
  const throughputPerSec = ratePerSec * (1 - refused);
  return {
    refused,
    throughputPerSec,
    waiting: waiting / total,
    meanWaitSec: throughputPerSec === 0 ? 0 : waiting / total / throughputPerSec,
    inSystem: inSystem / total,
    busy: throughputPerSec / servicePerSec,
  };
}

/** (K - c) / (c mu): the mean wait of the request that takes the last place, seconds. */
export function lastPlaceWaitSec(servers: number, places: number, servicePerSec: number): number {
  return Math.max(0, places - servers) / (servers * servicePerSec);
}
