/** A place that lets requests in up to a capacity, has them wait up to a depth, and refuses those beyond. */
export interface Breaker {
  readonly queueDepth: number;
  /** The most that the capacity may ever be. */
  readonly maxConcurrency: number;
}

/** How many may wait while this many run: depth and concurrency share one count, so an unused place is waited on. */
export function waitingPlaces({ queueDepth, maxConcurrency }: Breaker, running: number): number {
  return queueDepth + maxConcurrency - running;
}

/**
 * How many requests one activator lets in: concurrency x ready instances, divided among the activators, but at
 * least one. No limit per instance is none here either; no instance is none for anyone.
 */
export function throttlerCapacity(concurrency: number, ready: number, activators = 1): number {
  if (ready === 0) return 0;
  if (concurrency === 0) return Infinity;
  return Math.max(1, Math.floor((concurrency * ready) / Math.max(1, activators)));
}
