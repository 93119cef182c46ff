import { z } from 'zod';
import { positiveMs } from '../../language/with-unit.ts';
import type { FaultSpec } from '../fault-spec.ts';

/** Answers arrive later by a time that varies evenly within `delayMs` plus or minus `spreadMs`. */
export interface DbJitter {
  readonly kind: 'db.jitter';
  readonly delayMs: number;
  readonly spreadMs: number;
}

const shape = z
  .strictObject({
    delay: positiveMs.describe('How much later answers arrive on average.').meta({ examples: ['50ms'] }),
    spread: positiveMs
      .describe('By how much that varies either way; at most "delay".')
      .meta({ examples: ['20ms'] }),
  })
  .refine(({ delay, spread }) => spread <= delay, {
    error: 'must be at most delay: nothing arrives before it was sent',
    path: ['spread'],
  });

export const dbJitter: FaultSpec<DbJitter> = {
  kind: 'db.jitter',
  undoable: true,
  needs: [],
  parameters: z
    .codec(shape, z.custom<DbJitter>(), {
      decode: ({ delay, spread }): DbJitter => ({ kind: 'db.jitter', delayMs: delay, spreadMs: spread }),
      encode: ({ delayMs, spreadMs }) => ({ delay: delayMs, spread: spreadMs }),
    })
    .describe('Delays whatever Postgres answers, by a time that varies.')
    .meta({ examples: [{ delay: '50ms', spread: '20ms' }] }),
};
