import { z } from 'zod';
import { durationMs } from '../../language/with-unit.ts';
import type { FaultSpec } from '../fault-spec.ts';

/** Every instance starts this much later. */
export interface PlatformSlowStart {
  readonly kind: 'platform.slow_start';
  readonly delayMs: number;
}

const shape = z.strictObject({
  delay: durationMs.describe('Added to every start.').meta({ examples: ['2s'] }),
});

export const platformSlowStart: FaultSpec<PlatformSlowStart> = {
  kind: 'platform.slow_start',
  undoable: true,
  needs: [],
  parameters: z
    .codec(shape, z.custom<PlatformSlowStart>(), {
      decode: ({ delay }): PlatformSlowStart => ({ kind: 'platform.slow_start', delayMs: delay }),
      encode: ({ delayMs }) => ({ delay: delayMs }),
    })
    .describe('Makes every start of an instance slower.')
    .meta({ examples: [{ delay: '2s' }] }),
};
