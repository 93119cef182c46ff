import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadYaml, readText } from '../../src/base/load-yaml.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'poolproof-read-'))));
afterAll(() => rm(folder, { recursive: true }));

const written = async (content: string | Uint8Array): Promise<string> => {
  const file = join(folder, 'given');
  await writeFile(file, content);
  return file;
};

const whyOf = async (file: string): Promise<string> => {
  const read = await readText(file);
  return read.ok ? 'read' : read.why.slice(`can't read ${file}: `.length);
};

test('what has no end is refused at once', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(await whyOf('/dev/zero')).toBe('it is no regular file');
  expect(await whyOf(pipe)).toBe('it is no regular file');
  expect(await whyOf(folder)).toBe('it is a folder');
  const linked = join(folder, 'linked');
  await symlink('/dev/zero', linked);
  expect(await whyOf(linked)).toBe('it is no regular file');
});

test('a file of a gigabyte is refused by its size', async () => {
  const file = await written('');
  await truncate(file, 2 ** 30);
  expect(await whyOf(file)).toBe('it is larger than 64 MiB');
  expect((await loadYaml(file)).problems[0]?.message).toContain('it is larger than 4 MiB');
});

test('a file that does not say its size is read', async () => {
  const read = await readText('/proc/self/status');
  expect(read.ok && read.value).toContain('Pid:');
});

test('text that is none in UTF-8 is refused, and a byte order mark is no part of it', async () => {
  expect(await whyOf(await written(Buffer.from([0x61, 0xff, 0xfe])))).toBe('it is not text in UTF-8');
  expect(await whyOf(await written('a: 1\0'))).toBe('it holds a NUL character');
  expect(await readText(await written('\uFEFFa: 1\r\n'))).toEqual({ ok: true, value: 'a: 1\r\n' });
});
