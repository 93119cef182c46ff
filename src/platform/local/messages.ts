import { z } from 'zod';
import { runEvent } from '../../evidence/event.ts';
import { emulatorOrdersShape } from './emulator-orders.ts';

/** What the emulator's process is told. */
export const toEmulator = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), orders: emulatorOrdersShape }),
  z.object({ kind: z.literal('stop'), graceMs: z.number().nonnegative() }),
]);

const outputLine = z.object({
  service: z.string(),
  revision: z.string(),
  instance: z.string(),
  container: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  text: z.string(),
});

/** What the emulator's process says. `started` or `failed` comes once; `leaving` when
 * it ends without having been told to; `stopped` is the last. */
export const fromEmulator = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('started'),
    urls: z.record(z.string(), z.string()),
    adminUrl: z.string(),
    grpc: z.object({ host: z.string(), port: z.number() }).nullable(),
    pingPath: z.string(),
    warmPath: z.string(),
  }),
  z.object({ kind: z.literal('failed'), message: z.string(), hint: z.string().optional() }),
  z.object({ kind: z.literal('events'), events: z.array(runEvent) }),
  z.object({ kind: z.literal('output'), lines: z.array(outputLine) }),
  z.object({ kind: z.literal('leaving'), why: z.string() }),
  z.object({ kind: z.literal('stopped') }),
]);

export type ToEmulator = z.infer<typeof toEmulator>;
export type FromEmulator = z.infer<typeof fromEmulator>;
