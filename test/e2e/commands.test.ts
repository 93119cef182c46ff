import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { freshFolder, runCli } from '../support/cli.ts';

it('plans without sending anything: budget sum, phases, arrivals a route, predictions, schedule hash', async () => {
  const { exitCode, stdout } = await runCli(['plan', 'scenarios/burst.yaml']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/5 instances x 1 worker x 4 sessions = 20/);
  expect(stdout).toMatch(/20 \+ 30 = 50 of 97: fits/);
  expect(stdout).toMatch(/burst \(stress\)/);
  expect(stdout).toMatch(/schedule [0-9a-f]{12}/);
});

it('plans the same schedule for the same seed, and another for another', async () => {
  const hash = async (...flags: string[]): Promise<string> => {
    const { stdout } = await runCli(['plan', 'scenarios/burst.yaml', '--json', ...flags]);
    return (JSON.parse(stdout) as { scheduleHash: string }).scheduleHash;
  };
  expect(await hash()).toBe(await hash());
  expect(await hash('--seed', '43')).not.toBe(await hash());
});

it('exits 2 from plan and from run when the budget does not fit, unless that is accepted in words', async () => {
  const accepted = await runCli(['plan', 'scenarios/burst-unbudgeted.yaml']);
  expect(accepted.exitCode).toBe(0);
  expect(accepted.stdout).toMatch(/750 \+ 30 = 780 of 97: DOES NOT FIT/);
  const text = readFileSync('scenarios/burst-unbudgeted.yaml', 'utf8').replace(/^safety:.*\n/m, '');
  const file = join(await freshFolder(), 'unaccepted.yaml');
  writeFileSync(file, text.replaceAll(': ./', `: ${resolve('scenarios')}/`));
  for (const verb of ['plan', 'run']) expect((await runCli([verb, file])).exitCode, verb).toBe(2);
});

it.each(['scenario', 'contract', 'summary'])('prints the published schema of a %s', async (name) => {
  const { exitCode, stdout } = await runCli(['schema', name]);
  expect(exitCode).toBe(0);
  expect(`${stdout}\n`).toBe(readFileSync(`scenarios/schema/${name}.v1.json`, 'utf8'));
});

it('refuses an unknown verb, an unknown flag and a seed that is none with exit 2', async () => {
  for (const args of [['prove'], ['run', '--fast'], ['plan', 'scenarios/burst.yaml', '--seed', 'x']]) {
    const { exitCode, stderr } = await runCli(args);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).not.toMatch(/\n\s+at /);
  }
});
