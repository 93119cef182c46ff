import type { FaultAction } from '../fault-action.ts';
import { needDatabase, needProcesses } from '../need-database.ts';

/**
 * Stops the server in one of its shutdown modes, or crashes it, and starts it again. Confirmed when its checkpointer,
 * which every start and every recovery replaces, is a new one. There is nothing to undo.
 */
export const dbRestart: FaultAction<'db.restart'> = {
  kind: 'db.restart',
  apply: async ({ kind, mode }, context) => {
    const database = needDatabase(context);
    const before = (await database.look(checkpointer))[0]?.['began'] ?? null;
    const { harder } = await needProcesses(context).restart(mode);
    return {
      detail: `${kind}: ${mode}${harder === null ? '' : `, ${harder}`}`,
      confirm: async () => {
        const now = (await database.look(checkpointer))[0]?.['began'] ?? null;
        return now === null || now === before ? null : `the server runs anew since ${now}`;
      },
      undo: null,
    };
  },
};

const checkpointer = `select backend_start::text as began from pg_stat_activity where backend_type = 'checkpointer'`;
