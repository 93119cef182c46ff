import { z } from 'zod';
import { count, type FaultSpec } from '../fault-spec.ts';

/** SIGSTOP to instances: they take requests and never answer. */
export interface InstanceHang {
  readonly kind: 'instance.hang';
  readonly count: number;
}

const shape = z.strictObject({
  count: count(1)
    .describe('How many instances hang.')
    .meta({ examples: [1] }),
});

export const instanceHang: FaultSpec<InstanceHang> = {
  kind: 'instance.hang',
  undoable: true,
  needs: [],
  parameters: z
    .codec(shape, z.custom<InstanceHang>(), {
      decode: (given): InstanceHang => ({ kind: 'instance.hang', count: given.count }),
      encode: (fault) => ({ count: fault.count }),
    })
    .describe('Stops instances: they take requests and never answer.')
    .meta({ examples: [{ count: 1 }] }),
};
