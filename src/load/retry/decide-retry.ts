import type { RetryPolicy } from '../../scenario/client.ts';
import type { Budget } from './budget.ts';

/** An attempt that failed, as its client sees it. */
export interface FailedAttempt {
  readonly how: 'answered' | 'broken' | 'timeout';
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly endedUs: number;
}

/** Where a request stands in its client's retry loops. Begins with `firstTry`, goes on with what is decided. */
export interface RetryState {
  /** Attempts of the current round of each layer, innermost first. */
  readonly tries: readonly number[];
  /** The backoff before the last retry, for decorrelated jitter; 0 before any. */
  readonly lastBackoffMs: number;
}

/** What the client does next. */
export type RetryDecision =
  | { readonly kind: 'retry'; readonly atUs: number; readonly state: RetryState }
  | { readonly kind: 'give_up'; readonly why: 'success' | 'not_retryable' | 'attempts' | 'deadline' | 'budget' };

/** What a decision depends on. */
export interface RetrySetting {
  readonly policy: RetryPolicy;
  /** Of the request's client; null where the policy has none. */
  readonly budget: Budget | null;
  /** When the whole request is given up, microseconds on the run clock. */
  readonly deadlineUs: number;
  /** Uniform in [0, 1), for the jitter of this retry. */
  readonly draw: number;
}
