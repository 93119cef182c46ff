import { z } from 'zod';
import { at, whose } from './run-event.ts';

/** An instance changed state. `reason` says why it was started or stopped, as Cloud Run's system log does. */
export const instanceEvent = z.object({
  ...at,
  ...whose,
  kind: z.literal('instance'),
  state: z.enum(['starting', 'ready', 'stopping', 'stopped', 'failed']),
  reason: z.string(),
  startup_us: z.number().optional(),
  exit_code: z.number().nullable().optional(),
  signal: z.string().nullable().optional(),
  /** Connections through its link that were still open when the process ended. */
  sessions_left: z.number().optional(),
  /** For its containers that take no requests: the port each was told to listen on. */
  ports: z.record(z.string(), z.number()).optional(),
});

/** A revision changed state. `retired`: it gets no more traffic; its instances may live on. */
export const revisionEvent = z.object({
  ...at,
  kind: z.literal('revision'),
  service: z.string(),
  revision: z.string(),
  state: z.enum(['created', 'ready', 'failed', 'serving', 'retired']),
  /** Percent of the service's traffic from now on. */
  percent: z.number().optional(),
  reason: z.string(),
});

/** The platform answered a request by itself. */
export const platformEvent = z.object({
  ...at,
  kind: z.literal('platform'),
  service: z.string(),
  status: z.number(),
  reason: z.string(),
  /** The revision that the request was meant for; absent where none was chosen. */
  revision: z.string().optional(),
  waited_us: z.number(),
});
