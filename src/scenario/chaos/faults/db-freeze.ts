import { z } from 'zod';
import type { FaultSpec } from '../fault-spec.ts';

/** Stops processes of the server with SIGSTOP: nothing is closed, and nothing answers. */
export interface DbFreeze {
  readonly kind: 'db.freeze';
  readonly what: 'backends' | 'accepting';
}

const shape = z.strictObject({
  what: z
    .enum(['backends', 'accepting'])
    .describe('The service’s backends, or the process that accepts connections.')
    .meta({ examples: ['backends'] }),
});

export const dbFreeze: FaultSpec<DbFreeze> = {
  kind: 'db.freeze',
  undoable: true,
  needs: ['admin_role', 'processes'],
  restores: 'server',
  parameters: z
    .codec(shape, z.custom<DbFreeze>(), {
      decode: ({ what }): DbFreeze => ({ kind: 'db.freeze', what }),
      encode: ({ what }) => ({ what }),
    })
    .describe('Stops processes of the server with SIGSTOP.')
    .meta({ examples: [{ what: 'backends' }] }),
};
