import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EvidenceError } from '../../src/base/errors.ts';
import {
  makeUndoJournal,
  pendingOf,
  readUndoJournal,
  type JournalFile,
  type UndoJournal,
} from '../../src/chaos/undo-journal.ts';

const first: JournalFile = {
  schema_version: 1,
  scenario: '/somewhere/scenario.yaml',
  server: { host: '127.0.0.1', port: 5432, system_identifier: '7' },
  entries: [],
};

async function open(): Promise<{ folder: string; journal: UndoJournal }> {
  const folder = await mkdtemp(join(tmpdir(), 'poolproof-journal-'));
  return { folder, journal: makeUndoJournal(folder, first) };
}

const change = (name: string) => ({
  step: '1-db.role_limit',
  changes: name,
  undo: { kind: 'sql' as const, statements: [`alter role "${name}" connection limit -1`] },
});

test('a run that changes nothing that lasts leaves no journal', async () => {
  const { folder } = await open();
  expect(readdirSync(folder)).toEqual([]);
  expect(await readUndoJournal(folder)).toBeNull();
});

test('an entry is on the disk before the change may be made, and for its owner alone', async () => {
  const { folder, journal } = await open();
  const id = await journal.begin(change('api'));
  expect(pendingOf((await readUndoJournal(folder))!)).toEqual([
    { id, ...change('api'), ends: 'when it is undone', state: 'pending' },
  ]);
  expect(statSync(join(folder, 'undo.json')).mode & 0o077).toBe(0);
  await journal.done(id);
  expect(pendingOf((await readUndoJournal(folder))!)).toEqual([]);
  expect(readdirSync(folder)).toEqual(['undo.json']);
});

test('whatever begins and is done side by side, the disk holds what is pending, the newest first', async () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('api', 'a ""b""', 'ä'), fc.boolean()), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const { folder, journal } = await open();
      const kept = await Promise.all(
        given.map(async ([name, isDone]) => {
          const id = await journal.begin(change(name));
          if (isDone) await journal.done(id);
          return isDone ? [] : [id];
        }),
      );
      const stored = pendingOf((await readUndoJournal(folder))!);
      expect(stored.map(({ id }) => id)).toEqual(kept.flat().sort((a, b) => b - a));
      expect(journal.pending()).toEqual(stored);
    }),
    { numRuns: 15 },
  );
});

test('a journal that is continued gives no number twice', async () => {
  const { folder, journal } = await open();
  const old = await journal.begin(change('a'));
  const again = makeUndoJournal(folder, (await readUndoJournal(folder))!);
  expect(await again.begin(change('b'))).toBe(old + 1);
  expect(pendingOf((await readUndoJournal(folder))!).map(({ changes }) => changes)).toEqual(['b', 'a']);
});

test('a write that a crash cut short leaves the journal as it was', async () => {
  const { folder, journal } = await open();
  await journal.begin(change('api'));
  writeFileSync(join(folder, 'undo.json.tmp'), '{"schema_version":1,"entr');
  expect(pendingOf((await readUndoJournal(folder))!)).toHaveLength(1);
});

test('a journal that is cut short anywhere is said to be damaged, never taken for empty', async () => {
  const { folder, journal } = await open();
  await journal.begin(change('api'));
  const path = join(folder, 'undo.json');
  const whole = readFileSync(path, 'utf8').trimEnd();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
      writeFileSync(path, whole.slice(0, length));
      await expect(readUndoJournal(folder)).rejects.toThrow(EvidenceError);
    }),
    { numRuns: 30 },
  );
});

test('a journal that can not be written lets nothing be changed', async () => {
  const journal = makeUndoJournal(join(tmpdir(), 'poolproof-nowhere', 'x'), first);
  await expect(journal.begin(change('api'))).rejects.toThrow(/ENOENT/);
  expect(journal.pending()).toEqual([]);
});
