import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { descendantsOf, waitUntilGone } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

const fixture = new URL('../../fixtures/guard/parent.mjs', import.meta.url).pathname;
const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

interface Family {
  readonly parent: ChildProcess;
  readonly folder: string;
  readonly obedient: number;
  readonly stubborn: number;
  readonly released: number;
}

async function startFamily(...more: readonly string[]): Promise<Family> {
  const folder = mkdtempSync(join(tmpdir(), 'poolproof-guard-'));
  const parent = spawn(process.execPath, [fixture, folder, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pids = JSON.parse(line.toString()) as Pick<Family, 'obedient' | 'stubborn' | 'released'>;
  cleanups.push(() => {
    for (const pid of Object.values(pids)) kill(pid);
    for (const path of [folder, `${folder}.mark`]) rmSync(path, { recursive: true, force: true });
  });
  return { parent, folder, ...pids };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

test('when the parent is killed, guarded groups end, even stubborn ones, and folders are removed', async () => {
  const family = await startFamily();
  family.parent.kill('SIGKILL');
  await until(() => !isAlive(family.obedient));
  await until(() => !isAlive(family.stubborn) && !existsSync(family.folder));
});

test('a group that was released is left alone', async () => {
  const family = await startFamily();
  family.parent.kill('SIGKILL');
  await until(() => !existsSync(family.folder));
  expect(isAlive(family.released)).toBe(true);
});

test('commands are run once when the parent is killed, before folders are removed', async () => {
  const family = await startFamily();
  expect(existsSync(`${family.folder}.mark`)).toBe(false);
  family.parent.kill('SIGKILL');
  await until(() => !existsSync(family.folder));
  expect(readFileSync(`${family.folder}.mark`, 'utf8')).toBe('true');
});

test('a guard that was dismissed ends without doing anything', async () => {
  const family = await startFamily('dismissed');
  const guards = descendantsOf(family.parent.pid!).filter(({ command }) => command.includes('guard-main'));
  family.parent.kill('SIGKILL');
  expect(await waitUntilGone(guards)).toEqual([]);
  expect([family.obedient, family.stubborn].map(isAlive)).toEqual([true, true]);
  expect(existsSync(family.folder)).toBe(true);
  expect(existsSync(`${family.folder}.mark`)).toBe(false);
});

test.each(['SIGKILL', 'SIGSTOP', 'SIGTERM'] as const)(
  'a guard that gets %s is replaced or stays, and what it guards still ends with the parent',
  async (signal) => {
    const family = await startFamily();
    const guards = () =>
      descendantsOf(family.parent.pid!).filter(({ command }) => command.includes('guard-main'));
    const [first] = guards();
    process.kill(first!.pid, signal);
    if (signal !== 'SIGTERM') await until(() => guards().length === 1 && guards()[0]?.pid !== first!.pid);
    await new Promise((resolve) => setTimeout(resolve, 300));
    family.parent.kill('SIGKILL');
    await until(() => !isAlive(family.obedient));
    await until(() => !isAlive(family.stubborn) && !existsSync(family.folder));
    expect(isAlive(family.released)).toBe(true);
    expect(readFileSync(`${family.folder}.mark`, 'utf8')).toBe('true');
  },
);
