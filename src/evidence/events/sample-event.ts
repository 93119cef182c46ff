import { z } from 'zod';
import { amount, timeUs, told } from '../bounded.ts';
import { at } from './run-event.ts';

/** The head of one sample of pg_stat_activity; its rows stand in `backends/*.parquet` under the same `t_us`. */
export const sampleEvent = z.object({
  ...at,
  kind: z.literal('sample'),
  ok: z.boolean(),
  rtt_us: timeUs,
  /** The server's clock at the end of the sample, microseconds since 1970. */
  server_us: amount.nullable(),
  /** How long the server took, by its own clock. */
  took_us: timeUs.optional(),
  /** `pg_stat_database.sessions` over the databases under test: every login that ever completed. */
  sessions: amount.nullable(),
  /** The same counter, read again after the sessions were. */
  sessions_after: amount.nullable().optional(),
  /** How many of the backends were not in the last good sample. */
  fresh: amount.optional(),
  /** How many of the backends are so new that their logins may not be counted yet. */
  young: amount.optional(),
  /** The first sample after the server was stopped on purpose: counts from before it do not carry over. */
  anew: z.literal(true).optional(),
  /** Client backends, without the harness's own and without those in state `starting`. */
  backends: amount.nullable(),
  starting: amount.nullable(),
  error: told.optional(),
});

/** The sampler's own statistics, written when it ends. CPU times are per sample; null if they could not be measured. */
export const samplerEvent = z.object({
  ...at,
  kind: z.literal('sampler'),
  samples: amount,
  failed: amount,
  longest_gap_us: timeUs,
  rtt_p50_us: timeUs.nullable(),
  rtt_p99_us: timeUs.nullable(),
  client_us: timeUs.nullable(),
  server_us: amount.nullable(),
});
