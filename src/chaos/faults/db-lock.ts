import type { FaultAction } from '../fault-action.ts';
import { needDatabase } from '../need-database.ts';
import { ownEnd, renew } from '../own-end.ts';
import { tableName } from '../sql.ts';

/**
 * A session that holds an ACCESS EXCLUSIVE lock and does nothing: even reads of the table wait. Confirmed by `pg_locks`.
 * It is idle in its transaction, not asleep in a statement, so that the server releases the lock if its client dies, or
 * soon after its time if its client is frozen.
 */
export const dbLock: FaultAction<'db.lock'> = {
  kind: 'db.lock',
  apply: async ({ kind, table }, context) => {
    const database = needDatabase(context);
    const hold = ownEnd(context.forMs);
    const holder = await database.takeHolder(context.service, hold.idleMs);
    try {
      const lock = `lock table ${tableName(table)} in access exclusive mode`;
      // In one message: the server goes on with it even if this process is stopped meanwhile.
      await holder.ask(`begin; ${lock}; ${withoutWait(hold.idleMs)}`);
    } catch (error) {
      await holder.close();
      throw error;
    }
    const stopRenewing = hold.isRenewed ? renew(holder) : () => undefined;
    return {
      detail: `${kind}: ${table} is locked against everybody`,
      confirm: async () => {
        const [row] = await database.look(lockOf(holder.pid));
        return row?.['held'] === '0'
          ? null
          : `the lock is held, ${row?.['waiting'] ?? '0'} sessions wait for it`;
      },
      undo: async () => {
        stopRenewing();
        await holder.close();
        return `${table} is free again`;
      },
    };
  },
};

/** The time that it waited for the lock is part of the fault's time. */
function withoutWait(idleMs: number): string {
  const waitedMs = 'extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000';
  const leftMs = `greatest(1000, ${Math.round(idleMs)} - ${waitedMs})::int::text`;
  return `select set_config('idle_in_transaction_session_timeout', ${leftMs}, false)`;
}

function lockOf(pid: string): string {
  return `select count(*) filter (where l.granted and l.pid = ${pid}) as held,
    count(distinct l.pid) filter (where not l.granted) as waiting
    from pg_locks l where (l.database, l.relation) in (
      select h.database, h.relation from pg_locks h
      where h.pid = ${pid} and h.mode = 'AccessExclusiveLock' and h.granted and h.locktype = 'relation')`;
}
