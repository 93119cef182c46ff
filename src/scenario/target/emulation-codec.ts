import { z } from 'zod';
import type { Emulation } from './local-target.ts';

/** The keys of `target.local` that say how its services are emulated. */
export const emulationShape = z.strictObject({
  profile: z
    .enum(['cloudrun', 'knative'], 'must be cloudrun or knative')
    .optional()
    .describe('Whose rules the emulator follows. Default: cloudrun.')
    .meta({ examples: ['knative'] }),
  time_scale: z
    .number()
    .min(1, 'must be at least 1')
    .max(100_000, 'must be at most 100000')
    .optional()
    .describe('How many times faster idle retention passes. Default: 1.')
    .meta({ examples: [60] }),
  idle_cpu: z
    .enum(['full', 'stop'], 'must be full or stop')
    .optional()
    .describe(
      '"stop" stops the processes of an idle instance, which is harsher than Cloud Run. Default: full.',
    )
    .meta({ examples: ['stop'] }),
  slot_after_timeout: z
    .enum(['held', 'freed'], 'must be held or freed')
    .optional()
    .describe('Whether a request that got its 504 keeps its place until the instance answers. Default: held.')
    .meta({ examples: ['freed'] }),
});

type EmulationInFile = z.output<typeof emulationShape>;

/** Fills the defaults. */
export function makeEmulation(given: EmulationInFile): Emulation {
  return {
    profile: given.profile ?? 'cloudrun',
    timeScale: given.time_scale ?? 1,
    idleCpu: given.idle_cpu ?? 'full',
    slotAfterTimeout: given.slot_after_timeout ?? 'held',
  };
}

/** The inverse of `makeEmulation`. */
export function writeEmulation({
  profile,
  timeScale,
  idleCpu,
  slotAfterTimeout,
}: Emulation): EmulationInFile {
  return {
    profile,
    time_scale: timeScale,
    idle_cpu: idleCpu,
    slot_after_timeout: slotAfterTimeout,
  };
}
