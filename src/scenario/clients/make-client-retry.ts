import { isDeepStrictEqual } from 'node:util';
import { customPolicy, grpcMostAttempts, policies, statusClass } from './client-policies.ts';
import type { BackoffInFile, RetryInFile, RetryKeys } from './client-retry-file.ts';
import { noRetry, type Backoff, type RetryOn, type RetryPolicy } from './client.ts';
import { makeBudget } from './make-client-budget.ts';

/** Fills the defaults of `client.retry`: those of the policy that it starts from. */
export function makeRetry(given: RetryInFile = 'none'): RetryPolicy {
  if (given === 'none') return noRetry;
  if (typeof given === 'string') return policies[given];
  const base = given.policy === undefined ? customPolicy : policies[given.policy];
  const made = mergeRetry(given, base);
  // Keys that say what the policy says anyway change nothing.
  return isDeepStrictEqual(made, base) ? base : { ...made, name: customPolicy.name };
}

function mergeRetry(given: RetryKeys, base: RetryPolicy): RetryPolicy {
  const wanted = given.max_attempts ?? base.maxAttempts;
  return {
    name: base.name,
    maxAttempts: given.policy === 'grpc' ? Math.min(wanted, grpcMostAttempts) : wanted,
    backoff: makeBackoff(given.backoff ?? {}, base.backoff),
    throttledInitialMs: given.backoff?.throttled_initial ?? base.throttledInitialMs,
    retryOn: given.retry_on === undefined ? base.retryOn : makeRetryOn(given.retry_on),
    retryAfter: given.retry_after ?? base.retryAfter,
    budget: makeBudget(given.budget, base.budget),
    layers: given.layers ?? base.layers,
  };
}

function makeBackoff(given: BackoffInFile, base: Backoff): Backoff {
  const isNewlyDecorrelated = given.jitter === 'decorrelated' && base.jitter !== 'decorrelated';
  return {
    initialMs: given.initial ?? base.initialMs,
    maxMs: given.max ?? base.maxMs,
    multiplier: given.multiplier ?? (isNewlyDecorrelated ? 3 : base.multiplier),
    jitter: given.jitter ?? base.jitter,
  };
}

function makeRetryOn(given: NonNullable<RetryKeys['retry_on']>): RetryOn {
  const statuses = given.flatMap((failure) => {
    if (failure === '4xx') return statusClass(4);
    if (failure === '5xx') return statusClass(5);
    return typeof failure === 'number' ? [failure] : [];
  });
  return {
    statuses: [...new Set(statuses)].sort((a, b) => a - b),
    connect: given.includes('connect'),
    timeout: given.includes('timeout'),
  };
}
