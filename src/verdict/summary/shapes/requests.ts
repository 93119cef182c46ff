import { z } from 'zod';
import { exampleOf } from '../../../base/json-schema.ts';
import { outcomes } from '../../../evidence/attempt.ts';

/* How requests fared: the entries of `outcomes[]`, `latency[]`, `amplification[]` and `goodput[]`. */

const phase = z.string().meta({ description: 'The phase of the arrival.', examples: ['burst'] });
const requests = z
  .number()
  .meta({ description: 'Arrivals that were sent, each a logical request.', examples: [753] });

const percentiles = z.object({
  p50: z.number().meta({ description: 'The median in milliseconds.', examples: [104.555] }),
  p90: z.number().meta({ description: 'In milliseconds.', examples: [138.319] }),
  p99: z
    .number()
    .nullable()
    .meta({ description: 'In milliseconds; null below 100 answers.', examples: [184.903] }),
  max: z.number().meta({ description: 'The slowest, in milliseconds.', examples: [237.634] }),
});

export const outcome = z.object({
  phase,
  counts: z.partialRecord(z.enum(outcomes), z.number()).meta({
    description: 'Attempts by outcome; an outcome that did not occur is absent.',
    examples: [{ ok: 132, client_timeout: 1863 }],
  }),
});

export const latency = z.object({
  phase,
  outcome: z.string().meta({ description: 'How the attempts ended.', examples: ['ok'] }),
  n: z.number().meta({ description: 'How many attempts.', examples: [828] }),
  response_ms: percentiles.meta({
    description: 'From the intended start: what a caller saw.',
    examples: [exampleOf(percentiles)],
  }),
  service_ms: percentiles.meta({
    description: 'From the actual start: what the service did.',
    examples: [exampleOf(percentiles)],
  }),
});

/** What the arrivals of a phase came to, whenever their retries were sent. */
export const amplification = z.object({
  phase,
  requests,
  attempts: z.number().meta({ description: 'First attempts and retries.', examples: [1995] }),
  retries: z.number().meta({ description: 'Attempts after the first.', examples: [1242] }),
  client: z
    .number()
    .nullable()
    .meta({
      description:
        'Attempts for each request; null without requests. Two runs compare only at the same share of failures.',
      examples: [2.649],
    }),
  first_failed: z
    .number()
    .nullable()
    .meta({
      description: 'The share of the first attempts that did not end ok, 0 to 1; null without requests.',
      examples: [0.825],
    }),
});

/** What the callers of a phase got, whichever attempt brought it. */
export const goodput = z.object({
  phase,
  requests,
  good: z.number().meta({
    description: 'Requests with a good answer within the deadline, counted from the intended start.',
    examples: [132],
  }),
  ratio: z
    .number()
    .nullable()
    .meta({ description: 'good / requests; null without requests.', examples: [0.175] }),
  request_ms: percentiles.nullable().meta({
    description:
      'Of the requests that succeeded, late or not: from the intended start of the first attempt to the good answer. Null where none did.',
    examples: [exampleOf(percentiles)],
  }),
});
