import type { Backoff, RetryPolicy } from '../../scenario/clients/client.ts';
import { backoffMs } from './backoff.ts';
import type { Budget } from './budget.ts';

/** An attempt that ended, as its client sees it. */
export interface EndedAttempt {
  readonly how: 'answered' | 'broken' | 'timeout';
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly endedUs: number;
}

/** Where a request stands in its client's retry loops. Starts with `firstTry`; each decision has the next one. */
export interface RetryState {
  /** One for each retry loop, the innermost first. */
  readonly layers: readonly LayerState[];
}

/** The current round of one retry loop. */
export interface LayerState {
  /** Attempts of this round. */
  readonly tries: number;
  /** The backoff before its last retry; null before any. */
  readonly lastMs: number | null;
}

/** What the client does next. */
export type RetryDecision =
  | { readonly kind: 'retry'; readonly atUs: number; readonly state: RetryState }
  | {
      readonly kind: 'give_up';
      readonly why: 'success' | 'not_retryable' | 'attempts' | 'deadline' | 'budget';
    };

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

const firstRound: LayerState = { tries: 1, lastMs: null };

/** A request whose first attempt is about to be sent. */
export function firstTry({ layers }: RetryPolicy): RetryState {
  return { layers: Array.from({ length: layers }, () => firstRound) };
}

/** Whether the client takes the answer for a success. Any other status that is not retried is final. */
function isSuccess({ how, status }: EndedAttempt): boolean {
  return how === 'answered' && status !== null && status < 400;
}

/** Whether the policy retries after such an end, if attempts, time and budget allow it. */
function isRetryable({ retryOn }: RetryPolicy, { how, status }: EndedAttempt): boolean {
  if (how === 'timeout') return retryOn.timeout;
  if (how === 'broken') return retryOn.connect;
  return status !== null && retryOn.statuses.includes(status);
}

/**
 * Decides what follows an attempt, and tells the budget how it ended. Layers are nested retry loops: the innermost one
 * with attempts left retries, and every loop inside it starts a new round, so that at worst `maxAttempts` ^ `layers`
 * attempts are made. A retry that could not start before the deadline is not made. The budget is asked last, so that
 * no tokens are spent in vain. (gRPC's `grpc-retry-pushback-ms` is not read.)
 */
export function decideRetry(state: RetryState, ended: EndedAttempt, setting: RetrySetting): RetryDecision {
  const { policy, budget, deadlineUs, draw } = setting;
  if (isSuccess(ended)) {
    budget?.onSuccess(ended.endedUs);
    return giveUp('success');
  }
  if (!isRetryable(policy, ended)) return giveUp('not_retryable');
  budget?.onFailure(ended.endedUs);
  const loop = state.layers.findIndex(({ tries }) => tries < policy.maxAttempts);
  const layer = state.layers[loop];
  if (layer === undefined) return giveUp('attempts');
  const lawMs = backoffMs(backoffAfter(policy, ended), { retry: layer.tries, lastMs: layer.lastMs, draw });
  const atUs = ended.endedUs + Math.round(1000 * waitMs(lawMs, policy, ended));
  if (atUs >= deadlineUs) return giveUp('deadline');
  if (budget?.take(ended.endedUs, ended.how === 'timeout') === false) return giveUp('budget');
  const layers = state.layers.map((other, index) => {
    if (index > loop) return other;
    return index === loop ? { tries: layer.tries + 1, lastMs: lawMs } : firstRound;
  });
  return { kind: 'retry', atUs, state: { layers } };
}

function giveUp(why: Extract<RetryDecision, { kind: 'give_up' }>['why']): RetryDecision {
  return { kind: 'give_up', why };
}

/** A service that says it is overloaded may get a longer first backoff. */
function backoffAfter({ backoff, throttledInitialMs }: RetryPolicy, { status }: EndedAttempt): Backoff {
  const isThrottled = status === 429 || status === 503;
  return isThrottled && throttledInitialMs !== null ? { ...backoff, initialMs: throttledInitialMs } : backoff;
}

function waitMs(lawMs: number, { retryAfter }: RetryPolicy, { retryAfterMs }: EndedAttempt): number {
  if (retryAfterMs === null || retryAfter === 'ignore') return lawMs;
  return retryAfter === 'exact' ? retryAfterMs : Math.max(lawMs, retryAfterMs);
}
