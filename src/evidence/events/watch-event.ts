import { z } from 'zod';
import { at } from './run-event.ts';

/** Who waits for whose lock, looked up while samples show such waits: the five that wait longest. */
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
      /** The session at the end of the chain, which waits for nobody; null when it has gone. */
      blocker_pid: z.number().nullable(),
      blocker_role: z.string().nullable(),
      blocker_application_name: z.string().nullable(),
      blocker_state: z.string().nullable(),
      blocker_xact_ms: z.number().nullable(),
    }),
  ),
});

/** What still worked in the database for the services once load was over. */
export const drainEvent = z.object({
  ...at,
  kind: z.literal('drain'),
  /** When it was looked for first; `t_us` is when that ended. */
  from_us: z.number(),
  looks: z.number(),
  /** How many still worked at the last look; null when nobody could look. */
  working: z.number().nullable(),
  /** Every session that was seen at work. */
  left: z.array(
    z.object({
      pid: z.number(),
      service: z.string().nullable(),
      role: z.string().nullable(),
      application_name: z.string().nullable(),
      state: z.string(),
      first_us: z.number(),
      last_us: z.number(),
      /** The age of its transaction, and of its state, when it was seen last. */
      xact_ms: z.number().nullable(),
      state_ms: z.number().nullable(),
      /** The arrival it works for, where it says so: `poolproof:N` in its name or in a comment of its query. */
      arrival: z.number().nullable(),
    }),
  ),
});
