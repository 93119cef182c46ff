import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { EvidenceError, messageOf } from '../base/errors.ts';
import { readBounded } from '../base/read-bounded.ts';
import { isUndoStatement } from './undo-statements.ts';

/** A name, a path, a sentence or an argument; no program takes longer ones. */
const text = z.string().max(100_000);

/** The most that a scenario may say. */
const mostCommandMs = 60_000;

/** How to undo a change. */
const undoAction = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sql'),
    statements: z
      .array(z.string().refine(isUndoStatement, 'no statement that poolproof writes'))
      .min(1)
      .max(10),
  }),
  z.strictObject({
    kind: z.literal('command'),
    command: z.tuple([text], text),
    cwd: text,
    timeout_ms: z.number().min(0).max(mostCommandMs),
  }),
]);

const journalEntry = z.strictObject({
  id: z.int(),
  /** The step of the scenario. */
  step: text,
  /** What is changed, in words. */
  changes: text,
  undo: undoAction,
  /** What is journalled never ends on the server by itself. */
  ends: z.literal('when it is undone').exactOptional(),
  state: z.enum(['pending', 'undone']),
});

const journalServer = z.strictObject({
  /** From the server itself, so that a change is never undone on another server. Null where it can't be read. */
  system_identifier: text.nullable(),
  host: text,
  port: z.int(),
});

const journalFile = z.strictObject({
  schema_version: z.literal(1),
  /** The absolute path of the scenario, from which undoing takes the server's address and role. */
  scenario: text,
  /** Null where no server can be changed. */
  server: journalServer.nullable(),
  entries: z.array(journalEntry).max(10_000),
});

export type JournalEntry = z.infer<typeof journalEntry>;
export type JournalFile = z.infer<typeof journalFile>;

/** Everything that outlives the run's own processes, written down before it is changed. */
export interface UndoJournal {
  /** Resolves when the entry is on disk: only then may the change be made. */
  begin(entry: Pick<JournalEntry, 'step' | 'changes' | 'undo'>): Promise<number>;
  /** Marks a change as undone. */
  done(id: number): Promise<void>;
  /** The changes that are not undone, newest first. */
  pending(): readonly JournalEntry[];
}

const fileName = 'undo.json';
const mostBytes = 16 * 1024 * 1024;

/** The journal of a run, starting with `first`. There is no file before the first entry. */
export function makeUndoJournal(folder: string, first: JournalFile): UndoJournal {
  let file = first;
  // Steps run concurrently and each writes the whole file, so writes are queued.
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
      await write((old) => ({
        ...old,
        entries: [...old.entries, { id, ...entry, ends: 'when it is undone', state: 'pending' }],
      }));
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

/** The changes that are not undone, in the order of undoing. */
export function pendingOf({ entries }: JournalFile): readonly JournalEntry[] {
  return entries.filter(({ state }) => state === 'pending').sort((a, b) => b.id - a.id);
}

/** Reads the journal of a run; null where there is none. Throws `EvidenceError` for a damaged one. */
export async function readUndoJournal(folder: string): Promise<JournalFile | null> {
  const path = join(folder, fileName);
  const content = await readBounded(path, mostBytes).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw damaged(path, messageOf(error));
  });
  if (content === null) return null;
  const parsed = journalFile.safeParse(parseJson(content.toString('utf8')));
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
 * Replaces a file atomically: even if the machine stops, a reader finds either the old file or the new one, and the new
 * one once this has resolved. Readable by the owner only, because what restores a password is its verifier.
 */
async function writeSynced(path: string, content: string): Promise<void> {
  const temporary = `${path}.tmp`;
  // A link of that name would lead the content elsewhere.
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  // The rename is only durable once the folder is on disk too.
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
