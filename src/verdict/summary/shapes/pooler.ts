import { z } from 'zod';
import { exampleOf } from '../../../base/json-schema.ts';

/** One side of a pooler's budget: what may be, what was, and what is allowed; null where it is not known. */
const side = z.object({
  sum: z
    .string()
    .nullable()
    .meta({ description: 'The arithmetic, written out.', examples: ['4 x 1 x 2 = 8 <= 8'] }),
  predicted: z
    .number()
    .nullable()
    .meta({ description: 'The most connections that may be.', examples: [8] }),
  limit: z
    .number()
    .nullable()
    .meta({ description: 'The most connections that are allowed.', examples: [8] }),
  fits: z
    .boolean()
    .nullable()
    .meta({ description: 'Whether what may be is allowed.', examples: [true] }),
  peak: z
    .number()
    .nullable()
    .meta({ description: 'The most connections in any look at the console.', examples: [8] }),
});

const comer = z.object({
  application_name: z
    .string()
    .meta({ description: 'As the clients call themselves.', examples: ['api-00001-bbi/i1'] }),
  address: z.string().meta({ description: 'Where they come from.', examples: ['127.0.0.1'] }),
  peak: z.number().meta({ description: 'The most of them at once.', examples: [100] }),
});

/** A pooler: the second layer of the budget. */
export const pooler = z.object({
  name: z.string().meta({ description: 'As in the scenario.', examples: ['pgbouncer'] }),
  service: z.string().meta({ description: 'The service whose sessions it holds.', examples: ['api'] }),
  per_instance: z
    .boolean()
    .meta({ description: 'One beside each instance; otherwise one for all.', examples: [true] }),
  mode: z
    .string()
    .nullable()
    .meta({ description: 'Its pool_mode; null where it was not told.', examples: ['transaction'] }),
  looks: z.number().meta({ description: 'How often its console was looked at.', examples: [969] }),
  failed: z.number().meta({ description: 'Looks that failed.', examples: [0] }),
  server: side.meta({
    description: 'At Postgres: all poolers together, against the claim.',
    examples: [exampleOf(side)],
  }),
  client: side.meta({
    description: 'Clients of one pooler, against its max_client_conn.',
    examples: [{ sum: '100 x 1 = 100 <= 200', predicted: 100, limit: 200, fits: true, peak: 100 }],
  }),
  waiting_peak: z
    .number()
    .nullable()
    .meta({ description: 'The most clients waiting at once for a server connection.', examples: [192] }),
  longest_wait_ms: z
    .number()
    .nullable()
    .meta({
      description: 'The longest that a client was seen waiting, in milliseconds.',
      examples: [2472.167],
    }),
  query_wait_ms: z
    .number()
    .nullable()
    .meta({ description: 'Its query_wait_timeout in milliseconds.', examples: [120_000] }),
  comers: z
    .array(comer)
    .optional()
    .meta({
      description:
        'Who its clients are, with the most of each kind at one pooler, largest first; absent where no console told.',
      examples: [[exampleOf(comer)]],
    }),
});
