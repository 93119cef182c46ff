import { z } from 'zod';
import { runEvent } from '../../evidence/event.ts';
import { emulatorOrdersShape } from './emulator-orders.ts';

/** What the emulator's process is told. */
export const toEmulator = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), orders: emulatorOrdersShape }),
  z.object({ kind: z.literal('stop'), graceMs: z.number().nonnegative() }),
]);

/** What the emulator's process says. `started` or `failed` comes once; `stopped` is the last. */
export const fromEmulator = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), url: z.string(), pingPath: z.string() }),
  z.object({ kind: z.literal('failed'), message: z.string(), hint: z.string().optional() }),
  z.object({ kind: z.literal('events'), events: z.array(runEvent) }),
  z.object({ kind: z.literal('stopped') }),
]);

export type ToEmulator = z.infer<typeof toEmulator>;
export type FromEmulator = z.infer<typeof fromEmulator>;
