import { execa } from 'execa';
import { expect, test } from 'vitest';
import { identityOf, isRunning } from '../../../src/base/processes/process-identity.ts';

test('a process is told from another that has its number', async () => {
  const child = execa('sleep', ['30'], { reject: false });
  const identity = await identityOf(child.pid ?? 0);
  if (identity === null) throw new Error('it runs');
  expect(await isRunning(identity)).toBe(true);
  expect(await isRunning({ ...identity, began: (await identityOf(process.pid))?.began ?? '' })).toBe(false);
  child.kill('SIGKILL');
  await child;
  expect(await isRunning(identity)).toBe(false);
});

test('a number that nobody has is no process', async () => {
  expect(await identityOf(2 ** 22 + 1)).toBeNull();
});
