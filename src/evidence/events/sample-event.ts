import { z } from 'zod';
import { at } from './run-event.ts';

/** The head of one sample of pg_stat_activity; its rows stand in `backends/*.parquet` under the same `t_us`. */
export const sampleEvent = z.object({
  ...at,
  kind: z.literal('sample'),
  ok: z.boolean(),
  rtt_us: z.number(),
  /** The server's clock at the end of the sample, microseconds since 1970. */
  server_us: z.number().nullable(),
  /** How long the server took, by its own clock. */
  took_us: z.number().optional(),
  /** `pg_stat_database.sessions` over the databases under test: every login that ever completed. */
  sessions: z.number().nullable(),
  /** The same counter, read again after the sessions were. */
  sessions_after: z.number().nullable().optional(),
  /** How many of the backends were not in the last good sample. */
  fresh: z.number().optional(),
  /** How many of the backends are so new that their logins may not be counted yet. */
  young: z.number().optional(),
  /** The first sample after the server was stopped on purpose: counts from before it do not carry over. */
  anew: z.literal(true).optional(),
  /** Client backends, without the harness's own and without those in state `starting`. */
  backends: z.number().nullable(),
  starting: z.number().nullable(),
  error: z.string().optional(),
});

/** The sampler's own statistics, written when it ends. CPU times are per sample; null if they could not be measured. */
export const samplerEvent = z.object({
  ...at,
  kind: z.literal('sampler'),
  samples: z.number(),
  failed: z.number(),
  longest_gap_us: z.number(),
  rtt_p50_us: z.number().nullable(),
  rtt_p99_us: z.number().nullable(),
  client_us: z.number().nullable(),
  server_us: z.number().nullable(),
});
