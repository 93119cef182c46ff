/** A place where requests are let in up to a capacity, wait up to a depth, and are refused beyond. */
export interface Breaker {
  readonly queueDepth: number;
  /** The most that the capacity may ever be. */
  readonly maxConcurrency: number;
  /** How many may run at this moment. */
  readonly capacity: number;
}

export interface BreakerLoad {
  readonly running: number;
  readonly waiting: number;
}

/** What becomes of a request that comes. */
export function enterBreaker(breaker: Breaker, load: BreakerLoad): 'running' | 'queued' | 'rejected' {
  if (load.waiting >= waitingPlaces(breaker, load.running)) return 'rejected';
  return canRun(breaker, load) ? 'running' : 'queued';
}

/** Whether a request that may run but not wait gets a place. */
export function reserveBreaker(breaker: Breaker, load: BreakerLoad): boolean {
  return enterBreaker(breaker, load) === 'running';
}

/** How many of those that wait run now: after one has ended, or the capacity has changed. */
export function wokenByBreaker(breaker: Breaker, { running, waiting }: BreakerLoad): number {
  return Math.min(waiting, Math.max(0, breaker.capacity - running));
}

/** Slots are counted over both: depth + max concurrency - running. Places that nobody runs on are waited on. */
export function waitingPlaces(
  { queueDepth, maxConcurrency }: Omit<Breaker, 'capacity'>,
  running: number,
): number {
  return queueDepth + maxConcurrency - running;
}

function canRun({ capacity }: Breaker, { running }: BreakerLoad): boolean {
  return running < capacity;
}
