import { Refused, type DatabaseTarget } from './database-target.ts';
import type { FaultContext } from './fault-action.ts';

/** A change to the server that stays when the run's processes are gone. */
export interface LastingChange {
  /** What is changed, in words. */
  readonly changes: string;
  /** The statements that make it. */
  readonly make: readonly string[];
  /** The statements that undo it, from any state in between. */
  readonly undo: readonly string[];
}

/**
 * Journals how to undo the change, then makes it. Returns a function that undoes it. Nothing is journalled for a server
 * that ends with the run.
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
    // If this fails too, the change stays pending in the journal, which is reported at the end.
    if (nothingMade && id !== null) await journal.done(id);
    else if (!nothingMade) await takeBack().catch(() => undefined);
    throw error;
  }
  return takeBack;
}
