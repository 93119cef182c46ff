/**
 * How many requests one activator lets in: concurrency x ready instances, divided among the activators, but at
 * least one. No limit per instance is none here either; no instance is none for anyone.
 */
export function throttlerCapacity(concurrency: number, ready: number, activators = 1): number {
  if (ready === 0) return 0;
  if (concurrency === 0) return Infinity;
  return Math.max(1, Math.floor((concurrency * ready) / Math.max(1, activators)));
}
