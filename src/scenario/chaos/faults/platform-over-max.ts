import { z } from 'zod';
import type { FaultSpec } from '../fault-spec.ts';

/** The fleet may have `factor` times its max instances. */
export interface PlatformOverMax {
  readonly kind: 'platform.over_max';
  readonly factor: number;
}

const shape = z.strictObject({
  factor: z
    .number()
    .min(1, 'must be at least 1')
    .max(10, 'must be at most 10')
    .describe('By how much max instances is exceeded.')
    .meta({ examples: [2] }),
});

export const platformOverMax: FaultSpec<PlatformOverMax> = {
  kind: 'platform.over_max',
  undoable: true,
  needs: [],
  parameters: z
    .codec(shape, z.custom<PlatformOverMax>(), {
      decode: (given): PlatformOverMax => ({ kind: 'platform.over_max', factor: given.factor }),
      encode: (fault) => ({ factor: fault.factor }),
    })
    .describe('Lets the fleet exceed its max instances.')
    .meta({ examples: [{ factor: 2 }] }),
};
