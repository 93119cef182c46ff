import { z } from 'zod';
import { compact } from '../../../contract/cloud-run/reading.ts';
import { count, type FaultSpec } from '../fault-spec.ts';

/** Ends sessions of the service, all of them unless `count` is given. They do not come back: it opens others. */
export interface DbTerminate {
  readonly kind: 'db.terminate';
  readonly count?: number;
}

const shape = z.strictObject({
  count: count(1)
    .optional()
    .describe('How many sessions are ended. Default: all.')
    .meta({ examples: [5] }),
});

export const dbTerminate: FaultSpec<DbTerminate> = {
  kind: 'db.terminate',
  undoable: false,
  needs: ['admin_role'],
  parameters: z
    .codec(shape, z.custom<DbTerminate>(), {
      decode: (given): DbTerminate => ({ kind: 'db.terminate', ...compact({ count: given.count }) }),
      encode: (fault) => compact({ count: fault.count }),
    })
    .describe('Ends sessions of the service.')
    .meta({ examples: [{ count: 5 }] }),
};
