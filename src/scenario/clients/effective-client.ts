import { policies, statusClass } from './client-policies.ts';
import type { Client, RetryBudget, RetryOn, RetryPolicy } from './client.ts';
import { durationOf } from '../target/effective-target.ts';

/** `client:` in the language of the file, every default written out. */
export function effectiveClient(client: Client): object {
  return {
    clients: client.count,
    timeout: durationOf(client.timeoutMs),
    deadline: durationOf(client.deadlineMs),
    connections: client.connections,
    cookies: client.cookies,
    ...(client.idToken === null ? {} : { id_token: { ...client.idToken } }),
    retry: retryOf(client.retry),
  };
}

function retryOf(policy: RetryPolicy): 'none' | object {
  if (policy.name === 'none') return 'none';
  const { backoff, throttledInitialMs } = policy;
  return {
    ...(Object.hasOwn(policies, policy.name) ? { policy: policy.name } : {}),
    max_attempts: policy.maxAttempts,
    retry_on: retryOnOf(policy.retryOn),
    backoff: {
      initial: durationOf(backoff.initialMs),
      max: durationOf(backoff.maxMs),
      multiplier: backoff.multiplier,
      jitter: backoff.jitter,
      ...(throttledInitialMs === null ? {} : { throttled_initial: durationOf(throttledInitialMs) }),
    },
    retry_after: policy.retryAfter,
    budget: policy.budget === null ? 'none' : budgetOf(policy.budget),
    layers: policy.layers,
  };
}

/** Whole classes by their names, what is left one by one. */
function retryOnOf({ statuses, connect, timeout }: RetryOn): readonly (string | number)[] {
  const whole = ([4, 5] as const).filter((hundreds) =>
    statusClass(hundreds).every((status) => statuses.includes(status)),
  );
  return [
    ...whole.map((hundreds) => `${hundreds}xx`),
    ...statuses.filter((status) => whole.every((hundreds) => Math.floor(status / 100) !== hundreds)),
    ...(timeout ? ['timeout'] : []),
    ...(connect ? ['connect'] : []),
  ];
}

function budgetOf(budget: RetryBudget): object {
  switch (budget.kind) {
    case 'ratio':
      return {
        ratio: budget.ratio,
        min_retries_per_sec: budget.minRetriesPerSec,
        ttl: durationOf(budget.ttlMs),
      };
    case 'tokens':
      return { max_tokens: budget.maxTokens, token_ratio: budget.tokenRatio };
    case 'quota':
      return {
        initial_tokens: budget.initialTokens,
        retry_cost: budget.retryCost,
        timeout_retry_cost: budget.timeoutRetryCost,
        success_refill: budget.successRefill,
      };
  }
}
