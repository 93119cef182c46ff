import { z } from 'zod';
import { bytesPerSec } from '../../language/with-unit.ts';
import type { FaultSpec } from '../fault-spec.ts';

/** Each link to Postgres carries no more than this. */
export interface DbBandwidth {
  readonly kind: 'db.bandwidth';
  readonly bytesPerSec: number;
}

const shape = z.strictObject({
  rate: bytesPerSec
    .refine((rate) => rate >= 1, 'must be at least 1B/s')
    .describe('The most that passes.')
    .meta({ examples: ['64KiB/s'] }),
});

export const dbBandwidth: FaultSpec<DbBandwidth> = {
  kind: 'db.bandwidth',
  undoable: true,
  needs: [],
  parameters: z
    .codec(shape, z.custom<DbBandwidth>(), {
      decode: ({ rate }): DbBandwidth => ({ kind: 'db.bandwidth', bytesPerSec: rate }),
      encode: (fault) => ({ rate: fault.bytesPerSec }),
    })
    .describe('Limits what passes between an instance and Postgres.')
    .meta({ examples: [{ rate: '64KiB/s' }] }),
};
