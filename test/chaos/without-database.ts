import { resolve } from 'node:path';
import { makeCommandRunner } from '../../src/chaos/command-runner.ts';
import type { FaultContext } from '../../src/chaos/fault-action.ts';
import type { JournalEntry, UndoJournal } from '../../src/chaos/undo-journal.ts';

/** A journal that is forgotten. */
export function memoryJournal(): UndoJournal & { readonly entries: JournalEntry[] } {
  const entries: JournalEntry[] = [];
  return {
    entries,
    begin: (entry) => {
      entries.push({ ...entry, id: entries.length + 1, state: 'pending' });
      return Promise.resolve(entries.length);
    },
    done: (id) => {
      entries.splice(
        0,
        entries.length,
        ...entries.map((one) => (one.id === id ? { ...one, state: 'undone' as const } : one)),
      );
      return Promise.resolve();
    },
    pending: () => entries.filter(({ state }) => state === 'pending').reverse(),
  };
}

/** What chaos without faults on a database is given. */
export function withoutDatabase(): Pick<FaultContext, 'database' | 'journal' | 'commands'> {
  const commands = makeCommandRunner({ cwd: resolve('.'), secrets: [], guard: null });
  return { database: null, journal: memoryJournal(), commands };
}
