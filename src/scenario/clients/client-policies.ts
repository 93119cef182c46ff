import { noRetry, type RetryBudget, type RetryPolicy } from './client.ts';

/** What a retry policy can be called, or started from. */
export const policyNames = ['grpc', 'aws_standard', 'finagle', 'linkerd', 'token_bucket', 'naive'] as const;

type PolicyName = (typeof policyNames)[number];

/** A class of statuses, 500 to 599 for 5. */
export function statusClass(hundreds: 4 | 5): readonly number[] {
  return Array.from({ length: 100 }, (_, index) => 100 * hundreds + index);
}

/** What `retry:` with keys starts from if it names no policy. */
export const customPolicy: RetryPolicy = {
  ...noRetry,
  name: 'custom',
  maxAttempts: 3,
  backoff: { initialMs: 100, maxMs: 2000, multiplier: 2, jitter: 'full' },
  retryOn: { statuses: [429, ...statusClass(5)], connect: true, timeout: true },
  retryAfter: 'minimum',
};

/** What each kind of budget starts from: Finagle and Linkerd, gRPC, the AWS SDKs. */
export const budgetDefaults = {
  ratio: { kind: 'ratio', ratio: 0.2, minRetriesPerSec: 10, ttlMs: 10_000 },
  tokens: { kind: 'tokens', maxTokens: 10, tokenRatio: 0.1 },
  quota: { kind: 'quota', initialTokens: 500, retryCost: 5, timeoutRetryCost: 10, successRefill: 1 },
} as const satisfies { readonly [Kind in RetryBudget['kind']]: Extract<RetryBudget, { kind: Kind }> };

/** Both retry at once: only the budget holds them back. */
const atOnce = { initialMs: 0, maxMs: 0, multiplier: 1, jitter: 'none' } as const;

/** Clients in common use. What their sources leave open is as in `customPolicy`. */
export const policies: Readonly<Record<PolicyName, RetryPolicy>> = {
  // The example of gRFC A6, retryThrottling included; UNAVAILABLE is what these statuses are mapped to.
  grpc: {
    ...customPolicy,
    name: 'grpc',
    maxAttempts: 4,
    backoff: { initialMs: 100, maxMs: 1000, multiplier: 2, jitter: 'full' },
    retryOn: { statuses: [429, 502, 503, 504], connect: true, timeout: false },
    retryAfter: 'ignore',
    budget: budgetDefaults.tokens,
  },
  // The standard retry mode of the AWS SDKs.
  aws_standard: {
    ...customPolicy,
    name: 'aws_standard',
    backoff: { initialMs: 100, maxMs: 20_000, multiplier: 2, jitter: 'full' },
    throttledInitialMs: 500,
    retryOn: { statuses: [429, 500, 502, 503, 504], connect: true, timeout: true },
    budget: budgetDefaults.quota,
  },
  finagle: { ...customPolicy, name: 'finagle', backoff: atOnce, budget: budgetDefaults.ratio },
  linkerd: {
    ...customPolicy,
    name: 'linkerd',
    backoff: atOnce,
    retryOn: { statuses: statusClass(5), connect: true, timeout: false },
    retryAfter: 'ignore',
    budget: budgetDefaults.ratio,
  },
  // Marc Brooker's: a success gives a tenth of what a retry takes. The size of the bucket is left open there.
  token_bucket: {
    ...customPolicy,
    name: 'token_bucket',
    budget: { kind: 'quota', initialTokens: 10, retryCost: 1, timeoutRetryCost: 1, successRefill: 0.1 },
  },
  // What people write when they do not think of the service.
  naive: {
    ...customPolicy,
    name: 'naive',
    backoff: { ...customPolicy.backoff, jitter: 'none' },
    retryAfter: 'ignore',
  },
};

/** A gRPC client lowers a greater `maxAttempts` to this. */
export const grpcMostAttempts = 5;
