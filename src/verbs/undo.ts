import { stat } from 'node:fs/promises';
import { InputError, messageOf, type Problem } from '../base/errors.ts';
import { hide } from '../base/secrets/secrets.ts';
import { isRunning } from '../base/processes/process-identity.ts';
import { pendingOf, readUndoJournal, type JournalFile } from '../chaos/undo-journal.ts';
import { readConductor } from '../evidence/run-conductor.ts';
import type { ReachedServer } from '../postgres/given-logins.ts';
import type { Login } from '../postgres/postgres-server.ts';
import { undoRun, type UndoneEntry, type UndoOrders } from '../run/undo-run.ts';
import { loadScenario } from '../scenario/load-scenario.ts';
import { readDatabaseUrl } from '../scenario/postgres/database-url.ts';
import { isForeign } from '../scenario/postgres/postgres-target.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { PlanOptions } from './plan.ts';

/** How what is left changed is reached. */
export interface UndoOptions extends Pick<PlanOptions, 'env'> {
  /** A role that may, instead of what the scenario says: `postgres://role:password@host/database`. */
  readonly url?: string;
  /** Lets the journal's own commands run; false unless given. */
  readonly allowExec?: boolean;
}

/** What became of everything that was left changed. */
export interface UndoResult {
  /** The newest first; empty where nothing is to be undone. */
  readonly entries: readonly UndoneEntry[];
  /** Why the server was not reached as the scenario says. */
  readonly remarks: readonly Problem[];
}

/**
 * Takes back what a run has left changed. Throws `InputError` where there is no such folder, the URL is wrong or the run
 * is still going, and `EvidenceError` where its journal can't be read: then something may still be changed.
 */
export async function undo(folder: string, options: UndoOptions = {}): Promise<UndoResult> {
  const given = options.url === undefined ? null : loginOf(options.url);
  await refuseWhileGoing(folder);
  const journal = await journalOf(folder);
  if (journal === null || pendingOf(journal).length === 0) return { entries: [], remarks: [] };
  const orders = { folder, journal, allowExec: options.allowExec === true };
  if (given !== null)
    return { entries: await undoRun({ ...orders, login: given, secrets: [] }), remarks: [] };
  return undoAsTheScenarioSays(orders, options.env ?? process.env);
}

async function undoAsTheScenarioSays(
  orders: Omit<UndoOrders, 'login' | 'secrets'>,
  env: NonNullable<PlanOptions['env']>,
): Promise<UndoResult> {
  const remarks: Problem[] = [];
  const scenario = await scenarioOf(orders.journal, env, remarks);
  const reached = await reachAdmin(scenario, remarks);
  const login = reached?.logins.admin ?? null;
  try {
    return { entries: await undoRun({ ...orders, login, secrets: scenario?.secrets ?? [] }), remarks };
  } finally {
    await reached?.close();
  }
}

/** Two that undo the same get in each other's way, and what the run changes next would stay. */
async function refuseWhileGoing(folder: string): Promise<void> {
  const conductor = await readConductor(folder);
  if (conductor === null || !(await isRunning(conductor))) return;
  const message = `the run ${folder} is still going (process ${conductor.pid}): it undoes everything itself`;
  throw new InputError([{ message, hint: `kill -INT ${conductor.pid} ends it, as Ctrl-C does` }]);
}

/** Null where there is none. One that can't be read is no reason to believe that nothing is changed. */
async function journalOf(folder: string): Promise<JournalFile | null> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new InputError([{ message: `there is no run folder ${folder}` }]);
  return readUndoJournal(folder);
}

function loginOf(url: string): Login {
  const read = readDatabaseUrl(url);
  if (read.ok) {
    hide([read.value.password]);
    return read.value;
  }
  throw new InputError([{ message: `--url: ${read.why}` }]);
}

/** The scenario says again where the server is; the journal holds no password. */
async function scenarioOf(
  { scenario }: JournalFile,
  env: NonNullable<PlanOptions['env']>,
  remarks: Problem[],
): Promise<Scenario | null> {
  try {
    return await loadScenario(scenario, { env });
  } catch (error) {
    const message = `the scenario no longer says where the database is: ${messageOf(error)}`;
    remarks.push({ message, hint: '--url postgres://role:password@host/database' });
    return null;
  }
}

/** The way to the server of the scenario, where that gave somebody who may administer it. */
async function reachAdmin(scenario: Scenario | null, remarks: Problem[]): Promise<ReachedServer | null> {
  const postgres = scenario?.postgres;
  if (postgres === undefined || !isForeign(postgres) || postgres.admin === null) return null;
  const { reachServer } = await import('../postgres/given-logins.ts');
  try {
    return await reachServer(postgres);
  } catch (error) {
    remarks.push({ message: messageOf(error) });
    return null;
  }
}
