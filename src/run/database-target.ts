import { Refused, type DatabaseTarget } from '../chaos/database-target.ts';
import type { RunningControl } from '../postgres/control/control.ts';
import type { RunningPostgres } from '../postgres/postgres-server.ts';
import { sqlstateOf } from '../postgres/connect.ts';
import type { CredentialFiles } from './credential-files.ts';

/** What else in the run a fault on the database touches. */
export interface DatabaseSurroundings {
  readonly credentials: Pick<CredentialFiles, 'publish'>;
  /** Restarts the server and reconnects its observers. */
  readonly during: <T>(restart: () => Promise<T>) => Promise<T>;
}

/** The database as the chaos room sees it: one session acts, another looks; both are opened before load. */
export function databaseTarget(
  { disposable }: Pick<RunningPostgres, 'disposable'>,
  control: RunningControl,
  { credentials, during }: DatabaseSurroundings,
): DatabaseTarget {
  const { processes } = control;
  return {
    disposable,
    loginOf: (service) => {
      const { user, database, password } = control.loginOf(service);
      return { role: user, database, password };
    },
    ask: (sql) => control.ask(sql).catch(asRefused),
    look: (sql) => control.look(sql),
    tryLogin: (who) => control.tryLogin(who),
    openNeighbours: (service, count, hold) => control.openNeighbours(service, count, hold),
    openHalf: (service, count) => control.openHalf(service, count),
    takeHolder: (service, idleMs) => control.takeHolder(service, idleMs),
    publishPassword: (service, password) => credentials.publish(service, password),
    processes:
      processes === null ? null : { ...processes, restart: (mode) => during(() => processes.restart(mode)) },
  };
}

/** An ERROR is the server's answer to the statement; a FATAL ends the session and leaves open what was done. */
function asRefused(error: unknown): never {
  const sqlstate = sqlstateOf(error);
  const isAnswer = error instanceof Error && 'severity' in error && error.severity === 'ERROR';
  if (sqlstate === null || !isAnswer) throw error;
  throw new Refused(`${error.message} (${sqlstate})`, sqlstate, { cause: error });
}
