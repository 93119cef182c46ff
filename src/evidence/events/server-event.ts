import { z } from 'zod';
import { at } from './run-event.ts';

/** A line of the server log that concerns connections or an error. */
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
  /** How much of that the harness itself could not run; older runs do not tell. */
  stalled_us: z.number().optional(),
  sqlstate: z.string().nullable(),
  error: z.string().nullable(),
});

/** How the server and the services' roles are set: read before load, each minute, and after it. */
export const settingsEvent = z.object({
  ...at,
  kind: z.literal('settings'),
  ok: z.boolean(),
  /** When the server began, by its own clock, microseconds since 1970. */
  server_started_us: z.number().nullable(),
  /** As the server shows them to a session of its own: limits of sessions, and what times out. */
  settings: z.record(z.string(), z.string()),
  /** Of each service's role: `connection_limit` (-1: none), and what is set for it alone. */
  roles: z.record(z.string(), z.object({ connection_limit: z.number(), settings: z.array(z.string()) })),
  error: z.string().optional(),
});
