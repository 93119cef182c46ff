import { z } from 'zod';
import { at, whose } from './run-event.ts';

/**
 * What the wire proxy between one instance and Postgres saw. `port` is the source port of the link's own
 * connection to Postgres: the server log names the same number, so the two are matched by it.
 * `attempt`: the instance connected. `session`: authenticated and ready. `refused`: FATAL before ready.
 * `close`: the server side of the connection is closed.
 */
export const linkEvent = z.object({
  ...at,
  ...whose,
  kind: z.literal('link'),
  what: z.enum(['attempt', 'session', 'refused', 'close']),
  port: z.number(),
  /** For `close`: whether this connection had become a session. */
  was_session: z.boolean().optional(),
  sqlstate: z.string().nullable().optional(),
  message: z.string().optional(),
  role: z.string().nullable().optional(),
  application_name: z.string().nullable().optional(),
});

/** Transactions that ended on the sessions of one instance since the last such event of it. */
export const workEvent = z.object({
  ...at,
  ...whose,
  kind: z.literal('work'),
  from_us: z.number(),
  transactions: z.number(),
});
