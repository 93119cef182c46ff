import type { FaultAction } from '../fault-action.ts';
import { needDatabase } from '../need-database.ts';
import { literal } from '../sql.ts';

/** `pg_terminate_backend` on the service's sessions. Confirmed when all of them are gone. There is nothing to undo. */
export const dbTerminate: FaultAction<'db.terminate'> = {
  kind: 'db.terminate',
  apply: async ({ kind, count }, context) => {
    const database = needDatabase(context);
    const { role } = database.loginOf(context.service);
    const limit = count === undefined ? '' : `order by random() limit ${count}`;
    const ended = await database.ask(
      `select pid, began, pg_terminate_backend(pid) as sent from (
        select pid, backend_start::text as began from pg_stat_activity
        where backend_type = 'client backend' and usename = ${literal(role)} and pid <> pg_backend_pid()
        ${limit}) as chosen`,
    );
    const chosen = ended.map(({ pid, began }) => `(${pid ?? '0'}, ${literal(began ?? '')})`);
    return {
      detail: `${kind}: ${ended.length} sessions of ${role} are told to end`,
      confirm: async () => {
        if (chosen.length === 0) return null;
        const [row] = await database.look(
          `select count(*) as sessions from pg_stat_activity
          where (pid, backend_start::text) in (${chosen.join(', ')})`,
        );
        return row?.['sessions'] === '0' ? `${ended.length} sessions have ended` : null;
      },
      undo: null,
    };
  },
};
