import { EnvironmentError } from '../base/errors.ts';
import type { DatabaseProcesses, DatabaseTarget } from './database-target.ts';
import type { FaultContext } from './fault-action.ts';

/** The server's administration, which faults on the database need. */
export function needDatabase({ database }: FaultContext): DatabaseTarget {
  if (database !== null) return database;
  throw new EnvironmentError([{ message: 'there is no role that may administer the database' }]);
}

/** The server's processes, which some of them need. */
export function needProcesses(context: FaultContext): DatabaseProcesses {
  const { processes } = needDatabase(context);
  if (processes !== null) return processes;
  throw new EnvironmentError([{ message: "the server's processes are out of reach" }]);
}
