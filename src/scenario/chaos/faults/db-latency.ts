import { z } from 'zod';
import { positiveMs } from '../../language/with-unit.ts';
import type { FaultSpec } from '../fault-spec.ts';

/** Whatever Postgres answers arrives this much later. */
export interface DbLatency {
  readonly kind: 'db.latency';
  readonly delayMs: number;
}

const shape = z.strictObject({
  delay: positiveMs.describe('How much later every answer arrives.').meta({ examples: ['50ms'] }),
});

export const dbLatency: FaultSpec<DbLatency> = {
  kind: 'db.latency',
  undoable: true,
  needs: [],
  parameters: z
    .codec(shape, z.custom<DbLatency>(), {
      decode: ({ delay }): DbLatency => ({ kind: 'db.latency', delayMs: delay }),
      encode: ({ delayMs }) => ({ delay: delayMs }),
    })
    .describe('Delays whatever Postgres answers.')
    .meta({ examples: [{ delay: '50ms' }] }),
};
