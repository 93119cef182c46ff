import type { FaultAction } from '../fault-action.ts';
import { needDatabase } from '../need-database.ts';
import { tableName } from '../sql.ts';

/**
 * A session that holds an ACCESS EXCLUSIVE lock and does nothing: even reads of the table wait. Confirmed by `pg_locks`.
 * It is idle in its transaction, not asleep in a statement, so that the server releases the lock if its client dies.
 */
export const dbLock: FaultAction<'db.lock'> = {
  kind: 'db.lock',
  apply: async ({ kind, table }, context) => {
    const database = needDatabase(context);
    const holder = await database.takeHolder(context.service);
    try {
      await holder.ask('begin');
      await holder.ask(`lock table ${tableName(table)} in access exclusive mode`);
    } catch (error) {
      await holder.close();
      throw error;
    }
    return {
      detail: `${kind}: ${table} is locked against everybody`,
      confirm: async () => {
        const [row] = await database.look(lockOf(holder.pid));
        return row?.['held'] === '0'
          ? null
          : `the lock is held, ${row?.['waiting'] ?? '0'} sessions wait for it`;
      },
      undo: async () => {
        await holder.close();
        return `${table} is free again`;
      },
    };
  },
};

function lockOf(pid: string): string {
  return `select count(*) filter (where l.granted and l.pid = ${pid}) as held,
    count(distinct l.pid) filter (where not l.granted) as waiting
    from pg_locks l where (l.database, l.relation) in (
      select h.database, h.relation from pg_locks h
      where h.pid = ${pid} and h.mode = 'AccessExclusiveLock' and h.granted and h.locktype = 'relation')`;
}
