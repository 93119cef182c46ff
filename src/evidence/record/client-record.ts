import { z } from 'zod';
import { snakeObject } from './snake-case.ts';

const backoff = snakeObject({
  initialMs: z.number(),
  maxMs: z.number(),
  multiplier: z.number(),
  jitter: z.enum(['none', 'full', 'equal', 'decorrelated']),
});

const budget = z.discriminatedUnion('kind', [
  snakeObject({
    kind: z.literal('ratio'),
    ratio: z.number(),
    minRetriesPerSec: z.number(),
    ttlMs: z.number(),
  }),
  snakeObject({ kind: z.literal('tokens'), maxTokens: z.number(), tokenRatio: z.number() }),
  snakeObject({
    kind: z.literal('quota'),
    initialTokens: z.number(),
    retryCost: z.number(),
    timeoutRetryCost: z.number(),
    successRefill: z.number(),
  }),
]);

/** What the clients did about an attempt that failed; the fields are those of the scenario. */
const retryPolicy = snakeObject({
  name: z.string(),
  maxAttempts: z.number().describe('The first one included.'),
  backoff,
  throttledInitialMs: z
    .number()
    .nullable()
    .describe('The first backoff after a 429 or 503; null: as after others.'),
  retryOn: z.object({ statuses: z.array(z.number()).readonly(), connect: z.boolean(), timeout: z.boolean() }),
  retryAfter: z
    .enum(['ignore', 'minimum', 'exact'])
    .describe('What a Retry-After header means to the client.'),
  budget: budget.nullable().describe('What limits the retries of all clients together; null: nothing.'),
  layers: z.number().describe('Callers on top of each other, each of which retries.'),
});

/** `client` of `run.json`: how the simulated clients behaved. */
export const clientRecord = z.object({
  timeout_ms: z.number().describe('When a client gives an attempt up.'),
  deadline_ms: z.number().describe('How long an answer is of use to the caller, from the first attempt on.'),
  retry: z.string().describe("The policy's name."),
  clients: z.number().describe('How many clients there were.'),
  connections: z.enum(['keep_alive', 'fresh']),
  policy: retryPolicy,
});
