import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRunFile, runFolderName, writeRunFile } from '../../src/evidence/run-files.ts';
import { freshFolder } from './given.ts';

describe('the name of a run folder', () => {
  it('is the start in UTC and the name of the scenario', () => {
    expect(runFolderName(Date.UTC(2026, 10, 21, 0, 17, 5, 999), 'burst')).toBe('2026-11-21T00-17-05Z-burst');
  });

  it('never leads out of the reports folder, whatever the scenario is called', () => {
    expect(runFolderName(0, '../../etc/my run')).toBe('1970-01-01T00-00-00Z-..-..-etc-my-run');
    expect(runFolderName(0, 'é'.repeat(500)).length).toBeLessThan(110);
  });
});

describe('a file of a run', () => {
  it('is replaced whole, and leaves nothing else behind', async () => {
    const folder = freshFolder();
    await writeRunFile(folder, 'summary.json', 'first');
    await writeRunFile(folder, 'summary.json', 'second');
    expect(await readRunFile(folder, 'summary.json')).toBe('second');
    expect(readdirSync(folder)).toEqual(['summary.json']);
  });

  it('keeps its old content when the new can not be written', async () => {
    const folder = freshFolder();
    await writeRunFile(folder, 'summary.json', 'first');
    mkdirSync(join(folder, 'summary.json.tmp'));
    await expect(writeRunFile(folder, 'summary.json', 'second')).rejects.toThrow(/EISDIR/);
    expect(await readRunFile(folder, 'summary.json')).toBe('first');
  });

  it('that can not be written is said in one line', async () => {
    const folder = join(freshFolder(), 'file');
    writeFileSync(folder, '');
    await expect(writeRunFile(folder, 'summary.json', 'x')).rejects.toThrow(
      /^can't write .*summary.json: ENOTDIR[^\n]*$/,
    );
  });
});

it('writes through no link that somebody laid in the folder', async () => {
  const folder = freshFolder();
  const elsewhere = join(freshFolder(), 'elsewhere');
  writeFileSync(elsewhere, 'mine');
  symlinkSync(elsewhere, join(folder, 'summary.json'));
  symlinkSync(elsewhere, join(folder, 'summary.json.tmp'));
  await writeRunFile(folder, 'summary.json', 'new');
  expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
  expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toBe('new');
});
