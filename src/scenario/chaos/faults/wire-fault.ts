/** What is done to the way between a service's instances and Postgres. */
export type WireFault =
  | { readonly kind: 'db.latency'; readonly delayMs: number }
  | { readonly kind: 'db.jitter'; readonly delayMs: number; readonly spreadMs: number }
  | { readonly kind: 'db.bandwidth'; readonly bytesPerSec: number }
  | { readonly kind: 'db.reset' }
  | { readonly kind: 'db.blackhole' }
  | { readonly kind: 'db.refuse' };
