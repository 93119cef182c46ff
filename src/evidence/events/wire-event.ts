import { z } from 'zod';
import { amount, timeUs, told } from '../bounded.ts';
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
  port: amount,
  /** For `close`: whether this connection had become a session. */
  was_session: z.boolean().optional(),
  sqlstate: told.nullable().optional(),
  message: told.optional(),
  role: told.nullable().optional(),
  application_name: told.nullable().optional(),
});

/** Transactions that ended on the sessions of one instance since the last such event of it. */
export const workEvent = z.object({
  ...at,
  ...whose,
  kind: z.literal('work'),
  from_us: timeUs,
  transactions: amount,
});
