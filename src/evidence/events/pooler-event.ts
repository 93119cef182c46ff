import { z } from 'zod';
import { at } from './run-event.ts';

/** A look at a pooler's admin console: its pools, one for each database and user; none if it could not be reached. */
export const poolerEvent = z.object({
  ...at,
  kind: z.literal('pooler'),
  pooler: z.string(),
  service: z.string(),
  /** Null for a pooler that is not part of an instance. */
  instance: z.string().nullable(),
  ok: z.boolean(),
  rtt_us: z.number(),
  pools: z.array(
    z.object({
      database: z.string(),
      user: z.string(),
      clients_active: z.number(),
      clients_waiting: z.number(),
      servers_active: z.number(),
      servers_idle: z.number(),
      servers_login: z.number(),
      /** How long the longest-waiting client has waited so far. */
      max_wait_us: z.number(),
    }),
  ),
  /** Who its clients are, grouped; once a second. */
  clients: z
    .array(
      z.object({
        application_name: z.string(),
        address: z.string(),
        count: z.number(),
        waiting: z.number(),
      }),
    )
    .optional(),
  /** The backends behind its server connections, by the pids that samples and the server log show. */
  server_pids: z.array(z.number()).optional(),
  /** Since the pooler started: transactions, and the total time clients waited for a server session. */
  transactions: z.number().optional(),
  waited_us: z.number().optional(),
  /** How it is configured; with the first look. */
  limits: z
    .object({
      mode: z.string(),
      max_clients: z.number(),
      pool_size: z.number(),
      reserve: z.number(),
      query_wait_ms: z.number(),
    })
    .optional(),
  error: z.string().optional(),
});
