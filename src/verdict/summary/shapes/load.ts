import { z } from 'zod';
import { exampleOf } from '../../../base/json-schema.ts';

/* What the generator sent: `schedule` and the entries of `phases[]`. */

const closedCounts = z.object({
  sent: z.number().meta({ description: 'Requests that were sent.', examples: [1240] }),
  dropped: z
    .number()
    .meta({ description: 'Requests dropped because too many were in flight.', examples: [0] }),
});

export const schedule = z.object({
  hash: z.string().meta({
    description: 'Hash of every planned arrival: two runs with the same hash had the same load.',
    examples: ['5946d9f26bbb70ce050c67d1a6695a549ade7740f8bd7f8ac1abfefbeb9ba595'],
  }),
  planned: z.number().meta({
    description: 'Arrivals of the schedule: each is sent, or dropped because too many were in flight.',
    examples: [2699],
  }),
  sent: z.number().meta({ description: 'Planned arrivals that were sent.', examples: [2699] }),
  dropped: z.number().meta({ description: 'Planned arrivals that were dropped.', examples: [0] }),
  closed: closedCounts.nullable().meta({
    description: 'Requests of closed phases, which no schedule has; null without such phases.',
    examples: [null, exampleOf(closedCounts)],
  }),
  retries: z.number().meta({ description: 'Retries that were sent; none is planned.', examples: [3478] }),
  retries_dropped: z
    .number()
    .meta({ description: 'Retries dropped because too many attempts were in flight.', examples: [0] }),
  unfinished: z.number().meta({ description: 'Attempts still open at the end.', examples: [0] }),
  lag_p99_ms: z
    .number()
    .nullable()
    .meta({
      description: 'How late first attempts were sent, p99 in milliseconds; null where none was.',
      examples: [2.752],
    }),
  retry_lag_p99_ms: z
    .number()
    .nullable()
    .meta({
      description:
        'How long after the moment that their policy chose retries were sent, p99 in milliseconds; null where none was.',
      examples: [2.394],
    }),
});

const closedLoad = z.object({
  clients: z.number().meta({ description: 'How many clients there are.', examples: [50] }),
  think_ms: z
    .number()
    .meta({ description: 'How long a client thinks on average, in milliseconds.', examples: [500] }),
  effective_per_sec: z
    .number()
    .nullable()
    .meta({
      description:
        'Requests a second that they offered: clients / (think time + mean response time); null where none ended.',
      examples: [82.4],
    }),
});

export const phase = z.object({
  name: z.string().meta({ description: 'As in the scenario.', examples: ['burst'] }),
  from_us: z
    .number()
    .meta({ description: 'When it begins, run time in microseconds.', examples: [24_970_002] }),
  to_us: z.number().meta({ description: 'When it ends, run time in microseconds.', examples: [34_970_002] }),
  rate_per_sec: z
    .number()
    .nullable()
    .meta({
      description: 'The mean planned rate in arrivals a second; null where the phase is closed.',
      examples: [300],
    }),
  dispersion: z
    .number()
    .nullable()
    .meta({
      description:
        'Variance over mean of the planned arrivals in windows of 1 s: 1 for independent callers; null where nothing is planned.',
      examples: [0.97],
    }),
  closed: closedLoad.nullable().meta({
    description:
      'The service sets its own load: clients wait for their answer, think, and ask again. Null where arrivals are planned.',
    examples: [null, exampleOf(closedLoad)],
  }),
  stress: z.boolean().meta({
    description: 'Whether the phase is meant to push the service past its limits.',
    examples: [true],
  }),
});
