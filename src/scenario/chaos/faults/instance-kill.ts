import { z } from 'zod';
import { count, type FaultSpec } from '../fault-spec.ts';

/** Ends instances with SIGKILL. What is dead is not brought back: the platform starts others. */
export interface InstanceKill {
  readonly kind: 'instance.kill';
  readonly count: number;
}

const shape = z.strictObject({
  count: count(1)
    .describe('How many instances are killed.')
    .meta({ examples: [2] }),
});

export const instanceKill: FaultSpec<InstanceKill> = {
  kind: 'instance.kill',
  undoable: false,
  needs: [],
  parameters: z
    .codec(shape, z.custom<InstanceKill>(), {
      decode: (given): InstanceKill => ({ kind: 'instance.kill', count: given.count }),
      encode: (fault) => ({ count: fault.count }),
    })
    .describe('Kills instances with SIGKILL.')
    .meta({ examples: [{ count: 2 }] }),
};
