import { z } from 'zod';

/** What the clients did about an attempt that failed; the fields are those of the scenario. */
const retryPolicy = z.object({
  name: z.string(),
  maxAttempts: z.number(),
  backoff: z.object({
    initialMs: z.number(),
    maxMs: z.number(),
    multiplier: z.number(),
    jitter: z.enum(['none', 'full', 'equal', 'decorrelated']),
  }),
  throttledInitialMs: z.number().nullable(),
  retryOn: z.object({ statuses: z.array(z.number()).readonly(), connect: z.boolean(), timeout: z.boolean() }),
  retryAfter: z.enum(['ignore', 'minimum', 'exact']),
  budget: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('ratio'),
        ratio: z.number(),
        minRetriesPerSec: z.number(),
        ttlMs: z.number(),
      }),
      z.object({ kind: z.literal('tokens'), maxTokens: z.number(), tokenRatio: z.number() }),
      z.object({
        kind: z.literal('quota'),
        initialTokens: z.number(),
        retryCost: z.number(),
        timeoutRetryCost: z.number(),
        successRefill: z.number(),
      }),
    ])
    .nullable(),
  layers: z.number(),
});

/** `client` of `run.json`: how the simulated clients behaved. */
export const clientRecord = z.object({
  timeout_ms: z.number(),
  deadline_ms: z.number(),
  /** The policy's name. */
  retry: z.string(),
  /** Absent in older recordings, as the next two. */
  clients: z.number().exactOptional(),
  connections: z.enum(['keep_alive', 'fresh']).exactOptional(),
  policy: retryPolicy.exactOptional(),
});
