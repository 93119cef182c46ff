import { stat } from 'node:fs/promises';
import { EvidenceError, InputError, messageOf } from '../../base/errors.ts';
import { readUndoJournal, pendingOf, type JournalFile } from '../../chaos/undo-journal.ts';
import { isRunning } from '../../base/process-identity.ts';
import { readConductor } from '../../evidence/run-conductor.ts';
import type { ReachedServer } from '../../postgres/given-logins.ts';
import type { Login } from '../../postgres/postgres-server.ts';
import { undoRun, type UndoneEntry } from '../../run/undo-run.ts';
import { readDatabaseUrl } from '../../scenario/postgres/database-url.ts';
import { loadScenario } from '../../scenario/load-scenario.ts';
import { isForeign } from '../../scenario/postgres/postgres-target.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { UndoFlags } from '../flags.ts';
import { printError } from '../print-error.ts';

/** Takes back what a run has left changed. Exits 5 as long as something still is. */
export async function undo(folder: string, flags: UndoFlags): Promise<ExitCode> {
  const given = flags.url === undefined ? null : loginOf(flags.url);
  await refuseWhileGoing(folder);
  const journal = await journalOf(folder);
  if (journal === 'damaged') return exitCodes.undoIncomplete;
  if (journal === null || pendingOf(journal).length === 0) {
    process.stdout.write('nothing is to be undone\n');
    return exitCodes.pass;
  }
  const all = await takeBack(folder, journal, given, flags.allowExec === true);
  for (const { changes, failure } of all)
    if (failure === null) process.stdout.write(`undone: ${changes}\n`);
    else process.stderr.write(`still changed: ${changes}\n  ${failure}\n`);
  return all.some(({ failure }) => failure !== null) ? exitCodes.undoIncomplete : exitCodes.pass;
}

async function takeBack(
  folder: string,
  journal: JournalFile,
  given: Login | null,
  allowExec: boolean,
): Promise<readonly UndoneEntry[]> {
  const known = given === null ? await scenarioOf(journal) : null;
  const reached = given === null ? await reachAdmin(known) : null;
  const login = given ?? reached?.logins.admin ?? null;
  const secrets = known?.secrets ?? [];
  return undoRun({ folder, journal, login, allowExec, secrets }).finally(() => reached?.close());
}

/** Two that undo the same get in each other's way, and what is changed next would stay. */
async function refuseWhileGoing(folder: string): Promise<void> {
  const conductor = await readConductor(folder);
  if (conductor === null || !(await isRunning(conductor))) return;
  const message = `the run ${folder} is still going (process ${conductor.pid}): it undoes everything itself`;
  throw new InputError([{ message, hint: `kill -INT ${conductor.pid} ends it, as Ctrl-C does` }]);
}

/** A journal that can't be read is no reason to believe that nothing is changed. */
async function journalOf(folder: string): Promise<JournalFile | null | 'damaged'> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new InputError([{ message: `there is no run folder ${folder}` }]);
  try {
    return await readUndoJournal(folder);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    printError(error);
    return 'damaged';
  }
}

function loginOf(url: string): Login {
  const read = readDatabaseUrl(url);
  if (read.ok) return read.value;
  throw new InputError([{ message: `--url: ${read.why}` }]);
}

/** The scenario says again where the server is; the journal holds no password. */
async function scenarioOf({ scenario }: JournalFile): Promise<Scenario | null> {
  try {
    return await loadScenario(scenario, { env: process.env });
  } catch (error) {
    process.stderr.write(`the scenario no longer says where the database is: ${messageOf(error)}\n`);
    process.stderr.write('  hint: --url postgres://role:password@host/database\n');
    return null;
  }
}

/** The way to the server of the scenario, where that gave somebody who may administer it. */
async function reachAdmin(scenario: Scenario | null): Promise<ReachedServer | null> {
  const postgres = scenario?.postgres;
  if (postgres === undefined || !isForeign(postgres) || postgres.admin === null) return null;
  const { reachServer } = await import('../../postgres/given-logins.ts');
  try {
    return await reachServer(postgres);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return null;
  }
}
