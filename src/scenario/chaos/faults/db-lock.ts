import { z } from 'zod';
import { tableName, type FaultSpec } from '../fault-spec.ts';

/** Holds an exclusive lock on a table: whoever needs it waits. */
export interface DbLock {
  readonly kind: 'db.lock';
  readonly table: string;
}

const shape = z.strictObject({
  table: tableName
    .describe('The table, with its schema or without.')
    .meta({ examples: ['orders', 'shop.orders'] }),
});

export const dbLock: FaultSpec<DbLock> = {
  kind: 'db.lock',
  undoable: true,
  needs: ['admin_role', 'holder'],
  parameters: z
    .codec(shape, z.custom<DbLock>(), {
      decode: ({ table }): DbLock => ({ kind: 'db.lock', table }),
      encode: ({ table }) => ({ table }),
    })
    .describe('Holds an exclusive lock on a table.')
    .meta({ examples: [{ table: 'orders' }] }),
};
