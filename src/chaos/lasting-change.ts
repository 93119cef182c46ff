import { Refused, type DatabaseTarget } from './database-target.ts';
import type { FaultContext } from './fault-action.ts';

/** A change of the server that stays when all of the run's processes are gone. */
export interface LastingChange {
  /** What is changed, in words. */
  readonly changes: string;
  /** The statements that make it. */
  readonly make: readonly string[];
  /** The statements that take it back, from whatever state. */
  readonly undo: readonly string[];
}

/**
 * Writes down how the change is undone, then makes it; yields the undoing. A server that goes with the run needs no
 * journal: nobody could undo anything there.
 */
export async function changeServer(
  { journal, step }: Pick<FaultContext, 'journal' | 'step'>,
  database: DatabaseTarget,
  { changes, make, undo }: LastingChange,
): Promise<() => Promise<void>> {
  const id = database.disposable
    ? null
    : await journal.begin({ step, changes, undo: { kind: 'sql', statements: [...undo] } });
  const takeBack = async (): Promise<void> => {
    for (const sql of undo) await database.ask(sql);
    if (id !== null) await journal.done(id);
  };
  try {
    for (const sql of make) await database.ask(sql);
  } catch (error) {
    const nothingMade = error instanceof Refused && make.length === 1;
    // What fails here too stays pending in the journal, which says so at the end.
    if (nothingMade && id !== null) await journal.done(id);
    else if (!nothingMade) await takeBack().catch(() => undefined);
    throw error;
  }
  return takeBack;
}
