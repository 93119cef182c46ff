import { z } from 'zod';
import { amount, timeUs, told } from '../bounded.ts';
import { at } from './run-event.ts';

/** A look at a pooler's admin console: its pools, one for each database and user; none if it could not be reached. */
export const poolerEvent = z.object({
  ...at,
  kind: z.literal('pooler'),
  pooler: told,
  service: told,
  /** Null for a pooler that is not part of an instance. */
  instance: told.nullable(),
  ok: z.boolean(),
  rtt_us: timeUs,
  pools: z.array(
    z.object({
      database: told,
      user: told,
      clients_active: amount,
      clients_waiting: amount,
      servers_active: amount,
      servers_idle: amount,
      servers_login: amount,
      /** How long the longest-waiting client has waited so far. */
      max_wait_us: timeUs,
    }),
  ),
  /** Who its clients are, grouped; once a second. */
  clients: z
    .array(
      z.object({
        application_name: told,
        address: told,
        count: amount,
        waiting: amount,
      }),
    )
    .optional(),
  /** The backends behind its server connections, by the pids that samples and the server log show. */
  server_pids: z.array(amount).optional(),
  /** Since the pooler started: transactions, and the total time clients waited for a server session. */
  transactions: amount.optional(),
  waited_us: timeUs.optional(),
  /** How it is configured; with the first look. */
  limits: z
    .object({
      mode: told,
      max_clients: amount,
      pool_size: amount,
      reserve: amount,
      query_wait_ms: amount,
    })
    .optional(),
  error: told.optional(),
});
