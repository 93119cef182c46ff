import { z } from 'zod';
import { at } from './run-event.ts';

/** Who waits for whose lock: the five longest waits, looked up while samples show any. */
export const lockEvent = z.object({
  ...at,
  kind: z.literal('lock'),
  /** How many the sample showed. */
  waiting: z.number(),
  waits: z.array(
    z.object({
      pid: z.number(),
      role: z.string().nullable(),
      application_name: z.string().nullable(),
      wait: z.string().nullable(),
      waited_ms: z.number().nullable(),
      /** The session at the end of the chain, which itself waits for nothing; null if it has gone. */
      blocker_pid: z.number().nullable(),
      blocker_role: z.string().nullable(),
      blocker_application_name: z.string().nullable(),
      blocker_state: z.string().nullable(),
      blocker_xact_ms: z.number().nullable(),
    }),
  ),
});

/** Sessions of the services that were still working in the database after the load had ended. */
export const drainEvent = z.object({
  ...at,
  kind: z.literal('drain'),
  /** When the looking began; `t_us` is when it ended. */
  from_us: z.number(),
  looks: z.number(),
  /** How many were still working at the last look; null if that look failed. */
  working: z.number().nullable(),
  /** Every session that was seen working. */
  left: z.array(
    z.object({
      pid: z.number(),
      service: z.string().nullable(),
      role: z.string().nullable(),
      application_name: z.string().nullable(),
      state: z.string(),
      first_us: z.number(),
      last_us: z.number(),
      /** The age of its transaction, and of its state, when it was last seen. */
      xact_ms: z.number().nullable(),
      state_ms: z.number().nullable(),
      /** The arrival it is working for, if it says so: `poolproof:N` in its name or in a comment of its query. */
      arrival: z.number().nullable(),
    }),
  ),
});
