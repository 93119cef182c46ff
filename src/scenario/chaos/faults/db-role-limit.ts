import { z } from 'zod';
import { count, type FaultSpec } from '../fault-spec.ts';

/** A `CONNECTION LIMIT` of the service's role. */
export interface DbRoleLimit {
  readonly kind: 'db.role_limit';
  readonly connections: number;
}

const shape = z.strictObject({
  connections: count(0)
    .describe('The most sessions that the role may have from then on.')
    .meta({ examples: [4] }),
});

export const dbRoleLimit: FaultSpec<DbRoleLimit> = {
  kind: 'db.role_limit',
  undoable: true,
  needs: ['admin_role'],
  parameters: z
    .codec(shape, z.custom<DbRoleLimit>(), {
      decode: ({ connections }): DbRoleLimit => ({ kind: 'db.role_limit', connections }),
      encode: ({ connections }) => ({ connections }),
    })
    .describe('Sets a connection limit for the service’s role.')
    .meta({ examples: [{ connections: 4 }] }),
};
