import { z } from 'zod';
import { compact } from '../../../contract/cloud-run/reading.ts';
import { positiveMs } from '../../language/with-unit.ts';
import { count, tableName, type FaultSpec } from '../fault-spec.ts';

/** Locks a table again and again, for `delayMs` each time, or computes in `backends` sessions. */
export interface DbSlow {
  readonly kind: 'db.slow';
  readonly table?: string;
  readonly delayMs?: number;
  readonly backends?: number;
}

const shape = z
  .strictObject({
    table: tableName
      .optional()
      .describe('The table that is locked again and again.')
      .meta({ examples: ['orders'] }),
    delay: positiveMs
      .optional()
      .describe('For how long the table is locked each time.')
      .meta({ examples: ['200ms'] }),
    backends: count(1)
      .optional()
      .describe('How many sessions of a neighbour compute; in place of "table" and "delay".')
      .meta({ examples: [4] }),
  })
  .refine(
    (given) => (given.table === undefined) === (given.delay === undefined),
    'table and delay belong together',
  )
  .refine(
    (given) => (given.table === undefined) !== (given.backends === undefined),
    'needs table with delay, or backends',
  );

export const dbSlow: FaultSpec<DbSlow> = {
  kind: 'db.slow',
  undoable: true,
  needs: ['admin_role', 'holder'],
  parameters: z
    .codec(shape, z.custom<DbSlow>(), {
      decode: ({ table, delay, backends }): DbSlow => ({
        kind: 'db.slow',
        ...compact({ table, delayMs: delay, backends }),
      }),
      encode: ({ table, delayMs, backends }) => compact({ table, delay: delayMs, backends }),
    })
    .describe('Makes statements slow: locks a table again and again, or takes CPU from the server.')
    .meta({ examples: [{ table: 'orders', delay: '200ms' }] }),
};
