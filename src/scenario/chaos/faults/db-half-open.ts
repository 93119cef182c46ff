import { z } from 'zod';
import { count, type FaultSpec } from '../fault-spec.ts';

/** Start-up packets that never authenticate: each holds a slot. */
export interface DbHalfOpen {
  readonly kind: 'db.half_open';
  readonly connections: number;
}

const shape = z.strictObject({
  connections: count(1)
    .describe('How many slots are held.')
    .meta({ examples: [10] }),
});

export const dbHalfOpen: FaultSpec<DbHalfOpen> = {
  kind: 'db.half_open',
  undoable: true,
  needs: ['admin_role'],
  parameters: z
    .codec(shape, z.custom<DbHalfOpen>(), {
      decode: ({ connections }): DbHalfOpen => ({ kind: 'db.half_open', connections }),
      encode: ({ connections }) => ({ connections }),
    })
    .describe('Holds slots of the server with connections that never authenticate.')
    .meta({ examples: [{ connections: 10 }] }),
};
