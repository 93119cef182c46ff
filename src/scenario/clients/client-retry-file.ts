import { z } from 'zod';
import { durationMs } from '../with-unit.ts';

/** What a retry policy can be called, or started from. */
export const policyNames = ['grpc', 'aws_standard', 'finagle', 'linkerd', 'token_bucket', 'naive'] as const;

export type PolicyName = (typeof policyNames)[number];

/** Whole classes of statuses, and the ways to fail without one. */
export const failureWords = ['4xx', '5xx', 'timeout', 'connect'] as const;

const failure = z.union([
  z.int().min(400, 'must be at least 400').max(599, 'must be at most 599'),
  z.enum(failureWords, `must be a status such as 503, or one of ${failureWords.join(', ')}`),
]);

const backoff = z.strictObject({
  initial: durationMs.optional().describe('The bound before the first retry. 100ms unless given.'),
  max: durationMs.optional().describe('The bound grows no further. 2s unless given.'),
  multiplier: z
    .number()
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100')
    .optional()
    .describe('Each bound over the one before. 2 unless given; 3 with decorrelated jitter.'),
  jitter: z
    .enum(['none', 'full', 'equal', 'decorrelated'], 'must be none, full, equal or decorrelated')
    .optional()
    .describe('How a backoff is drawn below its bound. full unless given.'),
  throttled_initial: durationMs
    .optional()
    .describe('In place of initial after a 429 or 503. The same unless given.'),
});

/** The number of something that is counted in parts. */
const amount = z.number().min(0, 'must be at least 0').max(1_000_000, 'must be at most 1000000');
const cost = amount.refine((value) => value > 0, 'must be more than 0');

/** All kinds in one, so that a slip is told by its key; which kind is meant is told by the keys that stand there. */
const budget = z.strictObject({
  ratio: z
    .number()
    .min(0, 'must be at least 0')
    .max(10, 'must be at most 10; 0.2 is one retry for five requests')
    .optional()
    .describe('Retries for each request. 0.2 unless given.'),
  min_retries_per_sec: amount.optional().describe('Retries a second beyond the ratio. 10 unless given.'),
  ttl: durationMs
    .refine((ms) => ms >= 1000 && ms <= 60_000, 'must be between 1s and 60s')
    .optional()
    .describe('For how long a request counts. 10s unless given.'),
  max_tokens: z
    .number()
    .gt(2, 'must be more than 2: with 2 the first failure forbids every retry')
    .max(1000, 'must be at most 1000')
    .optional()
    .describe('A failure takes one; no retry at or under half of them. 10 unless given.'),
  token_ratio: cost.optional().describe('What a success gives back. 0.1 unless given.'),
  initial_tokens: amount.optional().describe('What there is at first, and at most. 500 unless given.'),
  retry_cost: cost.optional().describe('What a retry takes. 5 unless given.'),
  timeout_retry_cost: cost.optional().describe('What a retry after a timeout takes. 10 unless given.'),
  success_refill: amount.optional().describe('What a success gives back. 1 unless given.'),
});

/** `client.retry` with keys of its own. */
const retry = z.strictObject({
  policy: z
    .enum(policyNames, `must be one of ${policyNames.join(', ')}`)
    .optional()
    .describe('What the other keys start from.'),
  max_attempts: z
    .int()
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100')
    .optional()
    .describe('Of one layer, the first included. 3 unless given.'),
  retry_on: z
    .array(failure)
    .min(1, 'names no failure; "retry: none" retries nothing')
    .optional()
    .describe('Statuses, 4xx, 5xx, timeout, connect. [5xx, 429, timeout, connect] unless given.'),
  backoff: backoff.optional(),
  retry_after: z
    .enum(['ignore', 'minimum', 'exact'], 'must be ignore, minimum or exact')
    .optional()
    .describe('What the answer’s Retry-After is to the client. minimum unless given.'),
  budget: z.union([z.literal('none', 'must be none, or the keys of a budget'), budget]).optional(),
  layers: z
    .int()
    .min(1, 'must be at least 1')
    .max(10, 'must be at most 10')
    .optional()
    .describe('Retry loops around each other, each with max_attempts. 1 unless given.'),
});

/** `client.retry`: none, a policy’s name, or keys. */
export const retryFile = z.union([
  z.enum(['none', ...policyNames], `must be none, one of ${policyNames.join(', ')}, or keys of its own`),
  retry,
]);

export type RetryInFile = z.output<typeof retryFile>;
export type RetryKeys = z.output<typeof retry>;
export type BackoffInFile = z.output<typeof backoff>;
export type BudgetInFile = z.output<typeof budget>;
