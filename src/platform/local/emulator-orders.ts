import { z } from 'zod';
import { rulesShape } from './rules.ts';

const startupProbeShape = z.object({
  kind: z.enum(['tcp', 'http']),
  path: z.string().optional(),
  initialDelayMs: z.number().nonnegative(),
  periodMs: z.number().positive(),
  timeoutMs: z.number().positive(),
  failureThreshold: z.number().int().positive(),
});

/** Everything the emulator's process is told, once, in a form that survives the way between processes. */
export const emulatorOrdersShape = z.object({
  service: z.object({
    name: z.string(),
    minInstances: z.number().int().nonnegative(),
    maxInstances: z.number().int().positive(),
    concurrency: z.number().int().positive(),
    requestTimeoutMs: z.number().positive(),
  }),
  program: z.object({
    command: z.tuple([z.string()], z.string()),
    cwd: z.string(),
    env: z.record(z.string(), z.string()),
    startupDelayMs: z.number().nonnegative(),
    startupProbe: startupProbeShape,
  }),
  database: z.object({
    host: z.string(),
    port: z.number().int(),
    user: z.string(),
    password: z.string(),
    database: z.string(),
  }),
  /** Origin of the run clock on the machine's monotonic clock, nanoseconds, as decimal digits. */
  originNs: z.string().regex(/^-?\d+$/),
  seed: z.number(),
  rules: rulesShape,
});

export type EmulatorOrders = z.infer<typeof emulatorOrdersShape>;
export type Program = EmulatorOrders['program'];
