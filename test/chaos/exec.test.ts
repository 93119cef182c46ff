import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeCommandRunner } from '../../src/chaos/command-runner.ts';
import type { Applied } from '../../src/chaos/fault-action.ts';
import { applyFault } from '../../src/chaos/faults/faults.ts';
import type { Exec } from '../../src/scenario/chaos/faults/exec.ts';
import { MemoryTarget } from './memory-target.ts';
import { memoryJournal, withoutDatabase } from './without-database.ts';

const cwd = mkdtempSync(join(tmpdir(), 'poolproof-exec-'));
const commands = makeCommandRunner({ cwd, secrets: ['s3cret-word'], guard: null });

function exec(
  command: Exec['command'],
  undo: Exec['undo'] = null,
  timeoutMs = 10_000,
): { applied: Promise<Applied>; journal: ReturnType<typeof memoryJournal> } {
  const journal = memoryJournal();
  const context = { ...withoutDatabase(), commands, journal, target: new MemoryTarget() };
  const fault: Exec = { kind: 'exec', command, undo, timeoutMs };
  return {
    applied: applyFault(fault, { ...context, step: '1', service: 'api', forMs: null, sinceUs: 0 }),
    journal,
  };
}

test('a command runs in the folder of the scenario, and its undo takes it back', async () => {
  const { applied, journal } = exec(['sh', '-c', 'touch made; echo done'], ['rm', 'made']);
  const { detail, undo } = await applied;
  expect(detail).toBe('exec: sh: exit code 0: done');
  expect(existsSync(join(cwd, 'made'))).toBe(true);
  expect(journal.pending()).toHaveLength(1);
  await undo?.();
  expect(existsSync(join(cwd, 'made'))).toBe(false);
  expect(journal.pending()).toEqual([]);
});

test('nothing of the surroundings is handed on, and no secret is shown', async () => {
  process.env['POOLPROOF_TEST_WORD'] = 'leaked';
  const { applied } = exec(['sh', '-c', 'echo "s3cret-word $POOLPROOF_TEST_WORD."']);
  expect((await applied).detail).toBe('exec: sh: exit code 0: [redacted] .');
  delete process.env['POOLPROOF_TEST_WORD'];
});

test('a command that fails may have done half of it: its undo runs at once', async () => {
  const { applied, journal } = exec(['sh', '-c', 'touch half; echo no luck; exit 3'], ['rm', 'half']);
  await expect(applied).rejects.toThrow('sh: exit code 3: no luck');
  expect(existsSync(join(cwd, 'half'))).toBe(false);
  expect(journal.pending()).toEqual([]);
});

test('a command that hangs is ended in time, with all that it has started', async () => {
  writeFileSync(join(cwd, 'pid'), '');
  const { applied } = exec(['sh', '-c', 'sleep 60 & echo $! > pid; wait'], null, 300);
  await expect(applied).rejects.toThrow('it took longer than 300 ms');
});

test('a secret never gets into the journal', async () => {
  const { applied, journal } = exec(['true'], ['curl', '-u', 'me:s3cret-word']);
  await expect(applied).rejects.toThrow('undo has a secret in it');
  expect(journal.entries).toEqual([]);
});

test('a program that is not there is said so', async () => {
  await expect(exec(['no-such-program']).applied).rejects.toThrow(/no-such-program.*ENOENT/);
});
