import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { EvidenceError, messageOf } from '../base/errors.ts';

/** How one change is taken back. */
const undoAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sql'), statements: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal('command'),
    command: z.tuple([z.string()], z.string()),
    cwd: z.string(),
    timeout_ms: z.number(),
  }),
]);

const journalEntry = z.strictObject({
  id: z.int(),
  /** The step of the scenario. */
  step: z.string(),
  /** What is changed, in words. */
  changes: z.string(),
  undo: undoAction,
  state: z.enum(['pending', 'undone']),
});

const journalServer = z.strictObject({
  /** As the server itself tells it: what was changed on one is never undone on another. Null where it does not. */
  system_identifier: z.string().nullable(),
  host: z.string(),
  port: z.int(),
});

const journalFile = z.strictObject({
  schema_version: z.literal(1),
  /** The scenario's file, absolute: what it says of the server is asked again. */
  scenario: z.string(),
  /** Null where there is none to change. */
  server: journalServer.nullable(),
  entries: z.array(journalEntry),
});

export type JournalEntry = z.infer<typeof journalEntry>;
export type JournalFile = z.infer<typeof journalFile>;

/** Everything that outlives the run's own processes, written down before it is changed. */
export interface UndoJournal {
  /** Resolves when the entry is on the disk: only then may the change be made. */
  begin(entry: Pick<JournalEntry, 'step' | 'changes' | 'undo'>): Promise<number>;
  /** It has been taken back. */
  done(id: number): Promise<void>;
  /** What is not taken back, the newest first. */
  pending(): readonly JournalEntry[];
}

const fileName = 'undo.json';

/** The journal of a run; there is no file until something is to be written. Continues one that was read. */
export function makeUndoJournal(folder: string, first: JournalFile): UndoJournal {
  let file = first;
  // Steps run side by side; each writes the whole file.
  let writing: Promise<void> = Promise.resolve();
  const write = (change: (old: JournalFile) => JournalFile): Promise<void> => {
    const mine = writing.then(async () => {
      const next = change(file);
      await writeSynced(join(folder, fileName), `${JSON.stringify(next, null, 2)}\n`);
      file = next;
    });
    writing = mine.catch(() => undefined);
    return mine;
  };
  let lastId = Math.max(0, ...first.entries.map(({ id }) => id));
  return {
    begin: async (entry) => {
      lastId += 1;
      const id = lastId;
      await write((old) => ({ ...old, entries: [...old.entries, { id, ...entry, state: 'pending' }] }));
      return id;
    },
    done: (id) =>
      write((old) => ({
        ...old,
        entries: old.entries.map((one) => (one.id === id ? { ...one, state: 'undone' } : one)),
      })),
    pending: () => pendingOf(file),
  };
}

/** What is not undone yet, in the order of undoing. */
export function pendingOf({ entries }: JournalFile): readonly JournalEntry[] {
  return entries.filter(({ state }) => state === 'pending').sort((a, b) => b.id - a.id);
}

/** Reads the journal of a run; null where nothing was ever written. Throws `EvidenceError` for a damaged one. */
export async function readUndoJournal(folder: string): Promise<JournalFile | null> {
  const path = join(folder, fileName);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw damaged(path, messageOf(error));
  });
  if (text === null) return null;
  const parsed = journalFile.safeParse(parseJson(text));
  if (!parsed.success) throw damaged(path, z.prettifyError(parsed.error));
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function damaged(path: string, why: string): EvidenceError {
  const hint = 'something may still be changed: look at the file, and at the server';
  return new EvidenceError([{ message: `can't read the undo journal ${path}: ${why}`, hint }]);
}

/**
 * A reader finds the old file or the new one, whole, whenever the machine stops; and after this resolved, the new
 * one. Readable by the owner alone: what undoes a password is its verifier.
 */
async function writeSynced(path: string, content: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  // The new name is only safe when the folder is on the disk too.
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}
