import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileTail } from '../../src/postgres/file-tail.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poolproof-tail-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a growing file', () => {
  it('may appear after the reading began', async () => {
    const file = join(folder, 'late');
    const tail = openFileTail(file);
    expect(await tail.readLines()).toEqual([]);
    await writeFile(file, 'one\ntwo\n');
    expect(await tail.readLines()).toEqual(['one', 'two']);
    expect(await tail.close()).toBe('');
  });

  it('hands over a line when it is complete, and tells what was left of one', async () => {
    const file = join(folder, 'half');
    const tail = openFileTail(file);
    await writeFile(file, 'on');
    expect(await tail.readLines()).toEqual([]);
    await appendFile(file, 'e\ntw');
    expect(await tail.readLines()).toEqual(['one']);
    expect(await tail.close()).toBe('tw');
  });

  it('reads the same lines wherever the writer paused, in the middle of a character too', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '));
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat({ max: 40 })), async (lines, cuts) => {
        const file = join(await mkdtemp(join(folder, 'cut-')), 'log');
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const tail = openFileTail(file);
        const seen: string[] = [];
        let at = 0;
        for (const size of [...cuts, bytes.length]) {
          await appendFile(file, bytes.subarray(at, at + size));
          at += size;
          seen.push(...(await tail.readLines()));
        }
        await tail.close();
        expect(seen).toEqual(lines);
      }),
      { numRuns: 30 },
    );
  });
});
