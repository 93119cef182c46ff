import { EnvironmentError } from '../../base/errors.ts';
import type { FaultAction } from '../fault-action.ts';
import { needDatabase } from '../need-database.ts';

/**
 * Startup packets that no password follows. Each holds a slot, invisible to SQL before PostgreSQL 18. Confirmed by
 * sessions that are `starting`, on older servers by the server's requests for a password. Ends with its sockets.
 */
export const dbHalfOpen: FaultAction<'db.half_open'> = {
  kind: 'db.half_open',
  apply: async ({ kind, connections }, context) => {
    const database = needDatabase(context);
    const half = await database.openHalf(context.service, connections);
    if (half.waiting() < connections) {
      const got = half.waiting();
      await half.close();
      throw new EnvironmentError([{ message: `the server took only ${got} of ${connections}` }]);
    }
    return {
      detail: `${kind}: ${connections} start-up packets, and no password`,
      confirm: async () => {
        const [row] = await database.look(startingSessions);
        const seen = Number(row?.['starting'] ?? 0);
        if (row?.['shows'] === 'f') return `the server asks for ${half.waiting()} passwords`;
        return seen >= connections ? `${seen} sessions are starting` : null;
      },
      undo: async () => {
        await half.close();
        return `${connections} half-open connections are closed`;
      },
    };
  },
};

const startingSessions = `select current_setting('server_version_num')::int >= 180000 as shows,
  (select count(*) from pg_stat_activity where state = 'starting') as starting`;
