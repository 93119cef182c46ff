import { z } from 'zod';
import type { FaultSpec } from '../fault-spec.ts';

/** Restarts the server with another `max_connections`. */
export interface DbMaxConnections {
  readonly kind: 'db.max_connections';
  readonly value: number;
}

const shape = z.strictObject({
  value: z
    .int()
    .min(10, 'must be at least 10')
    .max(10_000, 'must be at most 10000')
    .describe('What the server allows from then on.')
    .meta({ examples: [50] }),
});

export const dbMaxConnections: FaultSpec<DbMaxConnections> = {
  kind: 'db.max_connections',
  undoable: true,
  needs: ['admin_role', 'processes'],
  restores: 'server',
  parameters: z
    .codec(shape, z.custom<DbMaxConnections>(), {
      decode: ({ value }): DbMaxConnections => ({ kind: 'db.max_connections', value }),
      encode: ({ value }) => ({ value }),
    })
    .describe('Restarts the server with another max_connections.')
    .meta({ examples: [{ value: 50 }] }),
};
