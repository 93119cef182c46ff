import { z } from 'zod';
import { amount, timeUs, told } from '../bounded.ts';
import { at } from './run-event.ts';

/** Who waits for whose lock: the five longest waits, looked up while samples show any. */
export const lockEvent = z.object({
  ...at,
  kind: z.literal('lock'),
  /** How many the sample showed. */
  waiting: amount,
  waits: z.array(
    z.object({
      pid: amount,
      role: told.nullable(),
      application_name: told.nullable(),
      wait: told.nullable(),
      waited_ms: amount.nullable(),
      /** The session at the end of the chain, which itself waits for nothing; null if it has gone. */
      blocker_pid: amount.nullable(),
      blocker_role: told.nullable(),
      blocker_application_name: told.nullable(),
      blocker_state: told.nullable(),
      blocker_xact_ms: amount.nullable(),
    }),
  ),
});

/** Sessions of the services that were still working in the database after the load had ended. */
export const drainEvent = z.object({
  ...at,
  kind: z.literal('drain'),
  /** When the looking began; `t_us` is when it ended. */
  from_us: timeUs,
  looks: amount,
  /** How many were still working at the last look; null if that look failed. */
  working: amount.nullable(),
  /** Every session that was seen working. */
  left: z.array(
    z.object({
      pid: amount,
      service: told.nullable(),
      role: told.nullable(),
      application_name: told.nullable(),
      state: told,
      first_us: timeUs,
      last_us: timeUs,
      /** The age of its transaction, and of its state, when it was last seen. */
      xact_ms: amount.nullable(),
      state_ms: amount.nullable(),
      /** The arrival it is working for, if it says so: `poolproof:N` in its name or in a comment of its query. */
      arrival: amount.nullable(),
    }),
  ),
});
