import { EnvironmentError } from '../base/errors.ts';
import type { DatabaseProcesses, DatabaseTarget } from './database-target.ts';
import type { FaultContext } from './fault-action.ts';

/** The database target, for faults that need one. */
export function needDatabase({ database }: FaultContext): DatabaseTarget {
  if (database !== null) return database;
  throw new EnvironmentError([{ message: 'there is no role that may administer the database' }]);
}

/** The server's processes, for faults that need them. */
export function needProcesses(context: FaultContext): DatabaseProcesses {
  const { processes } = needDatabase(context);
  if (processes !== null) return processes;
  throw new EnvironmentError([{ message: "the server's processes are out of reach" }]);
}
