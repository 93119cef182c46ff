import { z } from 'zod';
import { at } from './run-event.ts';

/** A line of the server log about a connection or an error. */
export const logEvent = z.object({
  ...at,
  kind: z.literal('log'),
  what: z.enum(['received', 'authorized', 'disconnected', 'error']),
  severity: z.string(),
  sqlstate: z.string().nullable(),
  pid: z.number(),
  port: z.number().nullable(),
  role: z.string().nullable(),
  database: z.string().nullable(),
  application_name: z.string().nullable(),
  message: z.string(),
});

/** A canary: a new connection, `select 1`, close. `sqlstate` or `error` when it failed. */
export const canaryEvent = z.object({
  ...at,
  kind: z.literal('canary'),
  role: z.enum(['headroom', 'superuser', 'neighbor']),
  ok: z.boolean(),
  connect_us: z.number(),
  query_us: z.number().nullable(),
  /** How much of that time the harness itself could not run. */
  stalled_us: z.number().optional(),
  sqlstate: z.string().nullable(),
  error: z.string().nullable(),
});

/** The settings of the server and of the services' roles: read before load, every minute, and after it. */
export const settingsEvent = z.object({
  ...at,
  kind: z.literal('settings'),
  ok: z.boolean(),
  /** When the server began, by its own clock, microseconds since 1970. */
  server_started_us: z.number().nullable(),
  /** As a session of the harness sees them: session limits and timeouts. */
  settings: z.record(z.string(), z.string()),
  /** Of each service's role: `connection_limit` (-1: none), and what is set for it alone. */
  roles: z.record(z.string(), z.object({ connection_limit: z.number(), settings: z.array(z.string()) })),
  error: z.string().optional(),
});
