import { EnvironmentError, InterruptedError } from '../../base/errors.ts';
import type { ForeignPostgres } from '../../scenario/postgres/postgres-target.ts';
import { reachServer, type ReachedServer } from '../given-logins.ts';
import type { PostgresServer, RunningPostgres } from '../postgres-server.ts';
import { inspectServer, type Inspection } from './inspect-server.ts';
import { exportedLog } from './exported-log.ts';

/** The sampler keeps two sessions, what is asked now and then a third, and reading the log one more. */
const watchingSessions = 3;
const logSessions = 1;

/** A server that poolproof did not start, with only the rights it gives. Connecting makes, changes and removes nothing. */
export function makeUrlServer(target: ForeignPostgres): PostgresServer {
  return {
    start: async (signal) => {
      const reached = await reachServer(target);
      try {
        const inspection = await inspectServer(reached);
        if (signal.aborted)
          throw new InterruptedError([{ message: 'stopped while the database was being looked at' }]);
        for (const canary of [inspection.headroom, inspection.neighbor])
          if (canary?.mayUseReserved === true) throw privileged(canary.role);
        return runningServer(target, reached, exportedLog(target, inspection));
      } catch (error) {
        await reached.close();
        throw error;
      }
    },
  };
}

function runningServer(
  { kind }: ForeignPostgres,
  { logins, close }: ReachedServer,
  inspection: Inspection,
): RunningPostgres {
  const { service, others, monitor, headroom, neighbor, admin } = logins;
  const { version, limits, log, walSender, adminWalSender } = inspection;
  const needed = watchingSessions + (log.source?.kind === 'sql' ? logSessions : 0);
  const services = [service, ...Object.values(others)];
  return {
    kind,
    disposable: false,
    version,
    limits,
    ownSlots: walSender ? 0 : needed,
    actsInSlots: adminWalSender === false,
    remarks: remarksOn(inspection, monitor.database),
    monitor,
    headroom,
    neighbor,
    service,
    services: Object.fromEntries(services.map((login) => [login.user, login])),
    admin,
    log: log.source,
    processes: null,
    // Nothing here watches over it: the sampler says when it can't see it any more.
    lost: new Promise(() => undefined),
    stop: close,
  };
}

function remarksOn({ monitor, log, service }: Inspection, ownDatabase: string): readonly string[] {
  return [
    ...(monitor.seesStates ? [] : ['states and ages of sessions are unknown: the monitor lacks pg_monitor']),
    ...(monitor.countsLogins
      ? []
      : ['the server does not count logins (PostgreSQL 13): samples have no upper bound']),
    ...(log.why === null ? [] : [`the server log can't be read: ${log.why}`]),
    ...(monitor.strangers === 0
      ? []
      : [`${monitor.strangers} sessions of others in the database "${ownDatabase}" are not counted`]),
    ...(service.mayUseReserved ? [`the service's role "${service.role}" may take reserved slots too`] : []),
  ];
}

/** A canary that gets a reserved slot says nothing of what anybody else would meet. */
function privileged(role: string): EnvironmentError {
  const message = `the canary's role "${role}" may take reserved slots: it would get in when nobody else does`;
  return new EnvironmentError([{ message, hint: 'name an ordinary role with postgres.headroom_url' }]);
}
