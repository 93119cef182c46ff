import { z } from 'zod';
import { amount, timeUs, told } from '../bounded.ts';
import { at, whose } from './run-event.ts';

/** An instance changed state. `reason` says why it was started or stopped, as Cloud Run's system log does. */
export const instanceEvent = z.object({
  ...at,
  ...whose,
  kind: z.literal('instance'),
  state: z.enum(['starting', 'ready', 'stopping', 'stopped', 'failed']),
  reason: told,
  startup_us: timeUs.optional(),
  exit_code: amount.nullable().optional(),
  signal: told.nullable().optional(),
  /** Connections through its link that were still open when the process ended. */
  sessions_left: amount.optional(),
  /** For its containers that take no requests: the port each was told to listen on. */
  ports: z.record(told, amount).optional(),
});

/** A revision changed state. `retired`: it gets no more traffic; its instances may live on. */
export const revisionEvent = z.object({
  ...at,
  kind: z.literal('revision'),
  service: told,
  revision: told,
  state: z.enum(['created', 'ready', 'failed', 'serving', 'retired']),
  /** Percent of the service's traffic from now on. */
  percent: amount.optional(),
  reason: told,
});

/** The platform answered a request by itself. */
export const platformEvent = z.object({
  ...at,
  kind: z.literal('platform'),
  service: told,
  status: amount,
  reason: told,
  /** The revision that the request was meant for; absent where none was chosen. */
  revision: told.optional(),
  waited_us: timeUs,
});
