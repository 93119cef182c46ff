import type { FaultAction } from '../fault-action.ts';
import { changeServer } from '../lasting-change.ts';
import { needDatabase } from '../need-database.ts';
import { identifier, literal } from '../sql.ts';

/** `alter role ... connection limit`: sessions stay, and new ones above it are refused (53300). Confirmed by `pg_roles`. */
export const dbRoleLimit: FaultAction<'db.role_limit'> = {
  kind: 'db.role_limit',
  apply: async ({ kind, connections }, context) => {
    const database = needDatabase(context);
    const { role } = database.loginOf(context.service);
    const ask = `select rolconnlimit as limit, rolsuper as super from pg_roles where rolname = ${literal(role)}`;
    const before = Number((await database.ask(ask))[0]?.['limit'] ?? -1);
    const limitTo = (limit: number): string => `alter role ${identifier(role)} connection limit ${limit}`;
    const takeBack = await changeServer(context, database, {
      changes: `role ${role}: connection limit ${connections} instead of ${before}`,
      make: [limitTo(connections)],
      undo: [limitTo(before)],
    });
    return {
      detail: `${kind}: ${role} may have ${connections} sessions`,
      confirm: async () => {
        const [row] = await database.look(ask);
        return Number(row?.['limit']) === connections ? `the limit of ${role} is ${connections}` : null;
      },
      undo: async () => {
        await takeBack();
        return `${role}: the limit is ${before === -1 ? 'none' : before} again`;
      },
      endsWithRun: database.disposable,
    };
  },
};
