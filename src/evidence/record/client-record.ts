import { z } from 'zod';
import { exampleOf } from '../../base/json-schema.ts';
import { snakeObject } from './snake-case.ts';

const backoff = snakeObject({
  initialMs: z
    .number()
    .meta({ description: 'The bound of the first backoff, in milliseconds.', examples: [100] }),
  maxMs: z
    .number()
    .meta({ description: 'The bound grows no further than this, in milliseconds.', examples: [2000] }),
  multiplier: z
    .number()
    .meta({ description: 'How much each bound grows over the previous one.', examples: [2] }),
  jitter: z
    .enum(['none', 'full', 'equal', 'decorrelated'])
    .meta({ description: 'How a backoff is drawn below its bound.', examples: ['full'] }),
});

const budget = z.discriminatedUnion('kind', [
  snakeObject({
    kind: z.literal('ratio'),
    ratio: z.number().meta({ description: 'Retries allowed for each request.', examples: [0.2] }),
    minRetriesPerSec: z
      .number()
      .meta({ description: 'Retries a second allowed on top of the ratio.', examples: [10] }),
    ttlMs: z.number().meta({
      description: 'How long a request counts towards the ratio, in milliseconds.',
      examples: [10_000],
    }),
  }),
  snakeObject({
    kind: z.literal('tokens'),
    maxTokens: z.number().meta({
      description: 'Tokens at most. A failure takes one; at half of them or less there is no retry.',
      examples: [10],
    }),
    tokenRatio: z
      .number()
      .meta({ description: 'The part of a token that a success gives back.', examples: [0.1] }),
  }),
  snakeObject({
    kind: z.literal('quota'),
    initialTokens: z.number().meta({ description: 'Tokens at the start, and at most.', examples: [500] }),
    retryCost: z.number().meta({ description: 'Tokens that a retry takes.', examples: [5] }),
    timeoutRetryCost: z
      .number()
      .meta({ description: 'Tokens that a retry after a timeout takes.', examples: [10] }),
    successRefill: z.number().meta({ description: 'Tokens that a success gives back.', examples: [1] }),
  }),
]);

const retryOn = z.object({
  statuses: z
    .array(z.number())
    .readonly()
    .meta({ description: 'HTTP statuses.', examples: [[429, 500, 502, 503, 504]] }),
  connect: z
    .boolean()
    .meta({ description: 'A connection that could not be opened or broke.', examples: [true] }),
  timeout: z.boolean().meta({ description: 'An attempt that the client gave up.', examples: [true] }),
});

/** What the clients did about an attempt that failed; the fields are those of the scenario. */
const retryPolicy = snakeObject({
  name: z.string().meta({ description: 'Its name in the scenario.', examples: ['naive'] }),
  maxAttempts: z
    .number()
    .meta({ description: 'Attempts for each request, the first one included.', examples: [3] }),
  backoff: backoff.meta({
    description: 'How long a client waits before it tries again.',
    examples: [exampleOf(backoff)],
  }),
  throttledInitialMs: z
    .number()
    .nullable()
    .meta({
      description: 'The first backoff after a 429 or 503, in milliseconds; null: as after any other.',
      examples: [null, 1000],
    }),
  retryOn: retryOn.meta({ description: 'What is tried again.', examples: [exampleOf(retryOn)] }),
  retryAfter: z.enum(['ignore', 'minimum', 'exact']).meta({
    description: 'What a Retry-After header means to the client.',
    examples: ['minimum'],
  }),
  budget: budget.nullable().meta({
    description: 'What limits the retries of all clients together; null: nothing.',
    examples: [null, { kind: 'tokens', max_tokens: 10, token_ratio: 0.1 }],
  }),
  layers: z
    .number()
    .meta({ description: 'Callers on top of each other, each of which retries.', examples: [1] }),
});

/** `client` of `run.json`: how the simulated clients behaved. */
export const clientRecord = z.object({
  timeout_ms: z
    .number()
    .meta({ description: 'When a client gives an attempt up, in milliseconds.', examples: [1000] }),
  deadline_ms: z.number().meta({
    description: 'How long an answer is of use to the caller, from the first attempt on, in milliseconds.',
    examples: [4000],
  }),
  retry: z.string().meta({ description: 'The name of the retry policy.', examples: ['naive'] }),
  clients: z.number().meta({ description: 'How many clients there were.', examples: [100] }),
  connections: z.enum(['keep_alive', 'fresh']).meta({
    description: 'Whether connections are kept for the next attempt, or each attempt opens its own.',
    examples: ['keep_alive'],
  }),
  policy: retryPolicy.meta({
    description: 'What the clients did about an attempt that failed.',
    examples: [exampleOf(retryPolicy)],
  }),
});
