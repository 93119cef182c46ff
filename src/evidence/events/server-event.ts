import { z } from 'zod';
import { amount, timeUs, told } from '../bounded.ts';
import { at } from './run-event.ts';

/** A line of the server log about a connection or an error. */
export const logEvent = z.object({
  ...at,
  kind: z.literal('log'),
  what: z.enum(['received', 'authorized', 'disconnected', 'error']),
  severity: told,
  sqlstate: told.nullable(),
  pid: amount,
  port: amount.nullable(),
  role: told.nullable(),
  database: told.nullable(),
  application_name: told.nullable(),
  message: told,
});

/** A canary: a new connection, `select 1`, close. `sqlstate` or `error` when it failed. */
export const canaryEvent = z.object({
  ...at,
  kind: z.literal('canary'),
  role: z.enum(['headroom', 'superuser', 'neighbor']),
  ok: z.boolean(),
  connect_us: timeUs,
  query_us: timeUs.nullable(),
  /** How much of that time the harness itself could not run. */
  stalled_us: timeUs.optional(),
  sqlstate: told.nullable(),
  error: told.nullable(),
});

/** The settings of the server and of the services' roles: read before load, every minute, and after it. */
export const settingsEvent = z.object({
  ...at,
  kind: z.literal('settings'),
  ok: z.boolean(),
  /** When the server began, by its own clock, microseconds since 1970. */
  server_started_us: amount.nullable(),
  /** As a session of the harness sees them: session limits and timeouts. */
  settings: z.record(told, told),
  /** Of each service's role: `connection_limit` (-1: none), and what is set for it alone. */
  roles: z.record(told, z.object({ connection_limit: amount, settings: z.array(told) })),
  error: told.optional(),
});
