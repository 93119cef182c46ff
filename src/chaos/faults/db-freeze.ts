import { EnvironmentError } from '../../base/errors.ts';
import type { FaultAction } from '../fault-action.ts';
import { needDatabase, needProcesses } from '../need-database.ts';
import { literal } from '../sql.ts';

/**
 * SIGSTOP to the service's backends, or to the postmaster, which accepts new connections. Nothing fails: everything
 * hangs. Confirmed by the state of the processes, or by a login that gets no answer.
 */
export const dbFreeze: FaultAction<'db.freeze'> = {
  kind: 'db.freeze',
  apply: async ({ kind, what }, context) => {
    const database = needDatabase(context);
    const processes = needProcesses(context);
    const { role } = database.loginOf(context.service);
    const stopped = await processes.freeze(what === 'accepting' ? 'postmaster' : { role });
    if (stopped === 0)
      throw new EnvironmentError([{ message: `${role} has no session that could be frozen` }]);
    const isRefusing = async (): Promise<string | null> =>
      (await database.tryLogin('neighbour')).kind === 'no answer' ? 'a login gets no answer' : null;
    const areStopped = async (): Promise<string | null> => {
      const rows = await database.look(`select pid from pg_stat_activity where usename = ${literal(role)}`);
      const count = await processes.stopped(rows.map(({ pid }) => pid ?? ''));
      return count === null || count < stopped ? null : `${count} processes are stopped`;
    };
    return {
      detail: `${kind}: ${what === 'accepting' ? 'nobody takes new connections' : `${stopped} backends of ${role} are stopped`}`,
      confirm: what === 'accepting' ? isRefusing : areStopped,
      undo: async () => {
        await processes.thaw();
        return what === 'accepting' ? 'new connections are taken again' : `the backends of ${role} go on`;
      },
    };
  },
};
