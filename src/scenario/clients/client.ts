/** How the simulated clients behave. */
export interface Client {
  /** How many clients share the arrivals; each has its own retry budget and its own cookies. */
  readonly count: number;
  /** The attempt is given up after this long. */
  readonly timeoutMs: number;
  /** D: an answer later than this is worth nothing to the caller. With retries it covers all attempts. */
  readonly deadlineMs: number;
  /** `fresh`: a connection for every attempt, closed after it. */
  readonly connections: 'keep_alive' | 'fresh';
  /** Whether each client keeps the cookies that it is given. */
  readonly cookies: boolean;
  /** Every request carries an ID token for this audience; null for none. */
  readonly idToken: { readonly audience: string } | null;
  readonly retry: RetryPolicy;
}

/** What a client does about a failed attempt. `maxAttempts` 1: nothing. */
export interface RetryPolicy {
  /** As reports show it: `none`, the name of an unchanged policy, or `custom`. */
  readonly name: string;
  /** Attempts in one layer, the first included. */
  readonly maxAttempts: number;
  readonly backoff: Backoff;
  /** The first bound after a 429 or 503, if it differs; the bounds after it grow the same way. */
  readonly throttledInitialMs: number | null;
  readonly retryOn: RetryOn;
  /** `minimum`: no sooner than Retry-After says. `exact`: exactly then, whatever the backoff says. */
  readonly retryAfter: 'ignore' | 'minimum' | 'exact';
  readonly budget: RetryBudget | null;
  /** Retry loops around each other, each with `maxAttempts`: a library in a client in a proxy. */
  readonly layers: number;
}

/**
 * Before retry k the bound is b = min(max, initial x multiplier^(k-1)). `none`: b. `full`: U(0, b). `equal`:
 * b/2 + U(0, b/2). `decorrelated`: min(max, U(initial, multiplier x the one before)), the one before the first
 * being initial.
 */
export interface Backoff {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly multiplier: number;
  readonly jitter: 'none' | 'full' | 'equal' | 'decorrelated';
}

/** Which failures are retried. */
export interface RetryOn {
  readonly statuses: readonly number[];
  /** No connection, or one that broke. */
  readonly connect: boolean;
  /** The attempt's timeout. */
  readonly timeout: boolean;
}

/** What limits the retries of one client over all its requests. */
export type RetryBudget =
  | {
      /** For each request of the last `ttlMs`, `ratio` retries, and some a second on top. */
      readonly kind: 'ratio';
      readonly ratio: number;
      readonly minRetriesPerSec: number;
      readonly ttlMs: number;
    }
  | {
      /** A failure takes 1, a success gives `tokenRatio`; no retry while at or under half of `maxTokens`. */
      readonly kind: 'tokens';
      readonly maxTokens: number;
      readonly tokenRatio: number;
    }
  | {
      /** A retry takes its cost; a success gives some back, never above the initial amount. */
      readonly kind: 'quota';
      readonly initialTokens: number;
      readonly retryCost: number;
      readonly timeoutRetryCost: number;
      readonly successRefill: number;
    };

/** No retries: every failure is final. */
export const noRetry: RetryPolicy = {
  name: 'none',
  maxAttempts: 1,
  backoff: { initialMs: 0, maxMs: 0, multiplier: 1, jitter: 'none' },
  throttledInitialMs: null,
  retryOn: { statuses: [], connect: false, timeout: false },
  retryAfter: 'ignore',
  budget: null,
  layers: 1,
};
