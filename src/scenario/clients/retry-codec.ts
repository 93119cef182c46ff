import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { backoffShape, makeBackoff, writeBackoff } from './backoff-codec.ts';
import { budgetShape, makeBudget, writeBudget } from './budget-codec.ts';
import { noRetry, type RetryPolicy } from './client.ts';
import { customPolicy, grpcMostAttempts, policies, policyNames } from './client-policies.ts';
import { retryOnCodec } from './retry-on-codec.ts';

/** `client.retry` with keys of its own. */
const keysShape = z.strictObject({
  policy: z
    .enum(policyNames, `must be one of ${policyNames.join(', ')}`)
    .optional()
    .describe('The policy that the other keys change. Default: a usual one, described key by key.')
    .meta({ examples: ['grpc'] }),
  max_attempts: z
    .int()
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100')
    .optional()
    .describe('Attempts in one layer, the first included. Default: 3.')
    .meta({ examples: [3] }),
  retry_on: retryOnCodec
    .optional()
    .describe(
      'Which failures are retried: statuses, 4xx, 5xx, timeout, connect. Default: [5xx, 429, timeout, connect].',
    )
    .meta({ examples: [[503, 'connect']] }),
  backoff: backoffShape
    .optional()
    .describe('How long a client waits before it tries again.')
    .meta({ examples: [{ initial: '100ms', max: '2s', jitter: 'full' }] }),
  retry_after: z
    .enum(['ignore', 'minimum', 'exact'], 'must be ignore, minimum or exact')
    .optional()
    .describe(
      'What the client does with Retry-After of an answer. Default: minimum, never sooner than it says.',
    )
    .meta({ examples: ['exact'] }),
  budget: z
    .union([z.literal('none', 'must be none, or the keys of a budget'), budgetShape])
    .optional()
    .describe('Limits the retries of one client, whatever each request may do. Default: none.')
    .meta({ examples: [{ ratio: 0.1, ttl: '10s' }, 'none'] }),
  layers: z
    .int()
    .min(1, 'must be at least 1')
    .max(10, 'must be at most 10')
    .optional()
    .describe('Retry loops nested in each other, each with max_attempts. Default: 1.')
    .meta({ examples: [2] }),
});

/** `client.retry`: none, a policy’s name, or keys. */
export const retryShape = z.union([
  z.enum(['none', ...policyNames], `must be none, one of ${policyNames.join(', ')}, or keys of its own`),
  keysShape,
]);

export type RetryInFile = z.output<typeof retryShape>;
type RetryKeys = z.output<typeof keysShape>;

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
    ...makeBackoff(given.backoff ?? {}, base),
    retryOn: given.retry_on ?? base.retryOn,
    retryAfter: given.retry_after ?? base.retryAfter,
    budget: makeBudget(given.budget, base.budget),
    layers: given.layers ?? base.layers,
  };
}

/** The inverse of `makeRetry`: a policy of the field keeps its name, with all its keys beside it. */
export function writeRetry(policy: RetryPolicy): RetryInFile {
  if (policy.name === noRetry.name) return 'none';
  const name = policyNames.find((one) => one === policy.name);
  return {
    ...(name === undefined ? {} : { policy: name }),
    max_attempts: policy.maxAttempts,
    retry_on: policy.retryOn,
    backoff: writeBackoff(policy),
    retry_after: policy.retryAfter,
    budget: writeBudget(policy.budget),
    layers: policy.layers,
  };
}
