import type { FaultAction } from '../fault-action.ts';
import { changeServer } from '../lasting-change.ts';
import { needDatabase, needProcesses } from '../need-database.ts';

/** `alter system set max_connections`, and the fast restart that it needs. Confirmed by the setting. */
export const dbMaxConnections: FaultAction<'db.max_connections'> = {
  kind: 'db.max_connections',
  apply: async ({ kind, value }, context) => {
    const database = needDatabase(context);
    const processes = needProcesses(context);
    const [row] = await database.ask(setting);
    const before = row?.['value'] ?? '';
    const takeBack = await changeServer(context, database, {
      changes: `max_connections: ${value} instead of ${before}`,
      make: [`alter system set max_connections = ${value}`],
      undo: [
        row?.['altered'] === 't'
          ? `alter system set max_connections = ${before}`
          : 'alter system reset max_connections',
      ],
    });
    await processes.restart('fast');
    return {
      detail: `${kind}: ${value} instead of ${before}, after a restart`,
      confirm: async () => {
        const now = (await database.look(setting))[0]?.['value'];
        return now === String(value) ? `the server allows ${now} connections` : null;
      },
      undo: async () => {
        await takeBack();
        await processes.restart('fast');
        return `max_connections is ${before} again, after another restart`;
      },
      endsWithRun: database.disposable,
    };
  },
};

/** Its value, and whether `alter system` had set it before: then the undo sets it again instead of resetting it. */
const setting = `select current_setting('max_connections') as value, exists (
  select from pg_file_settings where name = 'max_connections' and sourcefile like '%postgresql.auto.conf') as altered`;
