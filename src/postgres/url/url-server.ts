import { EnvironmentError, InterruptedError } from '../../base/errors.ts';
import { commonDatabase, type UrlPostgres } from '../../scenario/postgres-target.ts';
import type { PostgresServer, RunningPostgres } from '../postgres-server.ts';
import { inspectServer, type GivenLogins, type Inspection } from './inspect-server.ts';

/** The sampler keeps two sessions, what is asked now and then a third, and reading the log one more. */
const watchingSessions = 3;
const logSessions = 1;

/** Somebody's own server, with only the rights it gives. Connecting makes, changes and removes nothing on it. */
export function makeUrlServer(target: UrlPostgres): PostgresServer {
  return {
    start: async (signal) => {
      const logins = loginsOf(target);
      const inspection = await inspectServer(logins);
      if (signal.aborted)
        throw new InterruptedError([{ message: 'stopped while the database was being looked at' }]);
      if (inspection.headroom.mayUseReserved) throw privileged(inspection.headroom.role);
      return runningServer(logins, inspection);
    },
  };
}

/** Where no other login was given, the service's own serves; the harness stays out of the service's database. */
export function loginsOf({ service, monitor, headroom, admin }: UrlPostgres): GivenLogins {
  const watching = monitor ?? { ...service, database: commonDatabase };
  return {
    service,
    monitor: watching,
    headroom: headroom ?? { ...service, database: watching.database },
    admin,
  };
}

function runningServer(logins: GivenLogins, inspection: Inspection): RunningPostgres {
  const { service, monitor, headroom, admin } = logins;
  const { version, limits, log, walSender } = inspection;
  const needed = watchingSessions + (log.source === null ? 0 : logSessions);
  return {
    kind: 'url',
    disposable: false,
    version,
    limits,
    ownSlots: walSender ? 0 : needed,
    remarks: remarksOn(inspection, monitor.database),
    monitor,
    headroom,
    service,
    services: { [service.user]: service },
    admin,
    log: log.source,
    processes: null,
    // Nothing here watches over it: the sampler says when it can't see it any more.
    lost: new Promise(() => undefined),
    stop: () => Promise.resolve(),
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
