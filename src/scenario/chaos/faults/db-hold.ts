import { z } from 'zod';
import { compact } from '../../../contract/cloud-run/reading.ts';
import { count, type FaultSpec } from '../fault-spec.ts';

/** A neighbour's sessions: a number of them, or as many as leave exactly `leaveFree` slots free. */
export interface DbHold {
  readonly kind: 'db.hold';
  readonly connections?: number;
  readonly leaveFree?: number;
}

const shape = z
  .strictObject({
    connections: count(1)
      .optional()
      .describe('How many sessions the neighbour opens.')
      .meta({ examples: [20] }),
    leave_free: count(0)
      .optional()
      .describe('How many slots it leaves free; in place of "connections".')
      .meta({ examples: [3] }),
  })
  .refine(
    (given) => (given.connections === undefined) !== (given.leave_free === undefined),
    'needs connections or leave_free, one of the two',
  );

export const dbHold: FaultSpec<DbHold> = {
  kind: 'db.hold',
  undoable: true,
  needs: ['admin_role'],
  restores: 'server',
  parameters: z
    .codec(shape, z.custom<DbHold>(), {
      decode: ({ connections, leave_free }): DbHold => ({
        kind: 'db.hold',
        ...compact({ connections, leaveFree: leave_free }),
      }),
      encode: ({ connections, leaveFree }) => compact({ connections, leave_free: leaveFree }),
    })
    .describe('Holds slots of the server with sessions of a neighbour.')
    .meta({ examples: [{ leave_free: 3 }] }),
};
