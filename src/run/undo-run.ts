import { messageOf } from '../base/errors.ts';
import { startProcessGuard } from '../base/process-guard.ts';
import { makeCommandRunner } from '../chaos/command-runner.ts';
import {
  makeUndoJournal,
  pendingOf,
  type JournalEntry,
  type JournalFile,
  type UndoJournal,
} from '../chaos/undo-journal.ts';
import { openControlSession, type ControlSession } from '../postgres/control/control-session.ts';
import type { Login } from '../postgres/postgres-server.ts';
import { systemIdentifier } from './prepare-chaos.ts';

/** What to undo, and with which login. */
export interface UndoOrders {
  /** The run's folder. */
  readonly folder: string;
  readonly journal: JournalFile;
  /** Null where there is no login: then what needs the database stays changed. */
  readonly login: Login | null;
  /** Whether the journal's commands may run. */
  readonly allowExec: boolean;
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
}

/** One entry of the journal, and what became of it. */
export interface UndoneEntry {
  readonly changes: string;
  /** Why it is still changed; null when it is undone. */
  readonly failure: string | null;
}

/** Undoes what a run left changed, newest first: what the journal says, and nothing else. */
export async function undoRun(orders: UndoOrders): Promise<readonly UndoneEntry[]> {
  const journal = makeUndoJournal(orders.folder, orders.journal);
  const server = await openServer(orders);
  try {
    const all: UndoneEntry[] = [];
    for (const entry of pendingOf(orders.journal))
      all.push({
        changes: entry.changes,
        failure: await failureOf(() => undoOne(entry, orders, server, journal)),
      });
    return all;
  } finally {
    await server.session?.close();
  }
}

/** The session, or why there is none. */
interface Server {
  readonly session: ControlSession | null;
  readonly why: string;
}

/** Touches only the very server that was changed, whatever else answers at its address. */
async function openServer({ journal, login }: UndoOrders): Promise<Server> {
  const needed = pendingOf(journal).some(({ undo }) => undo.kind === 'sql');
  if (!needed || login === null) return { session: null, why: 'there is no login for the database' };
  const known = journal.server?.system_identifier ?? null;
  if (known === null)
    return { session: null, why: 'the journal does not say which server was changed (system_identifier)' };
  try {
    const session = await openControlSession(login);
    const [row] = await session.ask(systemIdentifier);
    if (row?.['id'] === known) return { session, why: '' };
    await session.close();
    const why = `the server at ${login.host}:${login.port} is not the one that was changed`;
    return { session: null, why };
  } catch (error) {
    return { session: null, why: `can't reach ${login.host}:${login.port}: ${messageOf(error)}` };
  }
}

async function undoOne(
  { id, undo }: JournalEntry,
  { allowExec, secrets }: UndoOrders,
  server: Server,
  journal: UndoJournal,
): Promise<void> {
  if (undo.kind === 'sql') {
    if (server.session === null) throw new Error(server.why);
    for (const sql of undo.statements) await server.session.ask(sql);
  } else {
    if (!allowExec)
      throw new Error(`it takes a command, ${undo.command.join(' ')}: --allow-exec lets it run`);
    const guard = startProcessGuard();
    const commands = makeCommandRunner({ cwd: undo.cwd, secrets, guard });
    await commands.run(undo.command, undo.timeout_ms).finally(() => guard.dismiss());
  }
  await journal.done(id);
}

async function failureOf(act: () => Promise<void>): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
