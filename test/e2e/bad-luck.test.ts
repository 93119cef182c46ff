import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Summary } from '../../src/verdict/summary/summary.ts';
import { freshFolder, onlyRunFolder, runCli, startCli, type RunningCli } from '../support/cli.ts';
import { descendantsOf, stillRunning, waitUntilGone, type ProcessId } from '../support/processes.ts';
import { until } from '../support/until.ts';

const service = resolve('scenarios/service/server.mjs');

/** A small scenario of a few seconds; `change` edits its text. */
async function smallScenario(change: (text: string) => string = (text) => text): Promise<string> {
  const folder = await freshFolder();
  const text = `version: 1
name: small
seed: 7
contract:
  service: { name: api, max_instances: 2, container_concurrency: 10, request_timeout_seconds: 5 }
  database: { app_pool_max: 4, acquire_timeout_ms: 1000, statement_timeout_ms: 2000, reserved_headroom_for_admin_and_migrations: 5 }
target:
  local: { command: [node, ${JSON.stringify(service)}] }
postgres:
  embedded: { max_connections: 30, setup: ${JSON.stringify(resolve('scenarios/service/schema.sql'))} }
traffic:
  phases:
    - { name: baseline, duration: 20s, rate: 30/s }
requests:
  - { name: read, get: /orders/1 }
`;
  const file = join(folder, 'small.yaml');
  writeFileSync(file, change(text));
  return file;
}

/** Waits until the screen says a word, with the processes seen at that moment. */
async function untilSays(cli: RunningCli, word: RegExp): Promise<readonly ProcessId[]> {
  let seen = '';
  cli.stderr.on('data', (chunk: Buffer) => (seen += chunk.toString()));
  await until(
    () => word.test(seen),
    () => `the run never said ${String(word)}; it said:\n${seen}`,
  );
  return descendantsOf(cli.pid!);
}

/** What a run says once it has sent forty requests. */
const underLoad = /"sent":([4-9]\d|\d{3,})\b/;

describe('wrong input', () => {
  const wrong: readonly (readonly [string, (text: string) => string, RegExp])[] = [
    [
      'an unknown key',
      (text) => text.replace('seed: 7', 'seeds: 7'),
      /small\.yaml:3:1 unknown key "seeds"\s+hint: did you mean "seed"/,
    ],
    [
      'a number without a unit',
      (text) => text.replace('duration: 20s', 'duration: 20'),
      /small\.yaml:\d+:\d+ .*duration/,
    ],
    ['broken YAML', (text) => text.replace('traffic:', 'traffic: ]'), /small\.yaml:\d+:\d+/],
    ['a key that is not built yet', (text) => `${text}extends: base.yaml\n`, /not built/],
    [
      'a budget that does not fit',
      (text) => text.replace('max_connections: 30', 'max_connections: 10'),
      /does not fit|accept-overcommit/,
    ],
    [
      'a command that does not exist',
      (text) => text.replace('[node,', '[no-such-program,'),
      /no-such-program/,
    ],
    [
      'a command that crashes',
      (text) => text.replace(JSON.stringify(service), '"-e", "throw new Error(\'no luck today\')"'),
      /no luck today/,
    ],
  ];

  it.each(wrong)(
    '%s: one clear message, exit 2, no folder, no stack trace',
    async (_what, change, message) => {
      const out = await freshFolder();
      const end = await runCli(['run', await smallScenario(change), '--out', out, '--progress', 'none']);
      expect(end.stderr).toMatch(message);
      // The last lines of a service that crashed may be its stack; none of ours is shown.
      expect(end.stderr).not.toMatch(/\/dist\/cli\/|defect of poolproof/);
      expect(end.exitCode).toBe(2);
      expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
    },
  );

  it('shows all problems at once', async () => {
    const file = await smallScenario((text) =>
      text.replace('seed: 7', 'seeds: 7').replace('rate: 30/s', 'rate: 30'),
    );
    const end = await runCli(['validate', file]);
    expect(end.stderr).toMatch(/seeds/);
    expect(end.stderr).toMatch(/rate/);
    expect(end.exitCode).toBe(2);
  });

  it('says what is missing when a stored run is judged that is none', async () => {
    const folder = await freshFolder();
    const end = await runCli(['judge', folder]);
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toMatch(/run\.json/);
  });

  it('refuses a folder that can not be written', async () => {
    const folder = await freshFolder();
    writeFileSync(join(folder, 'file'), '');
    const end = await runCli([
      'run',
      await smallScenario(),
      '--out',
      join(folder, 'file'),
      '--progress',
      'none',
    ]);
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toMatch(/run folder/);
  });
});

describe('a run that is stopped', () => {
  it('ends within ten seconds of Ctrl-C with a partial report, exit 130 and no process left', async () => {
    const out = await freshFolder();
    const cli = startCli(['run', await smallScenario(), '--out', out, '--progress', 'json']);
    const processes = await untilSays(cli, underLoad);
    const askedAt = process.hrtime.bigint();
    cli.kill('SIGINT');
    const end = await cli;
    expect(Number(process.hrtime.bigint() - askedAt) / 1e9).toBeLessThan(10);
    expect(end.exitCode).toBe(130);
    const summary = JSON.parse(readFileSync(join(onlyRunFolder(out), 'summary.json'), 'utf8')) as Summary;
    expect(summary.verdict).toBe('INTERRUPTED');
    expect(summary.schedule.sent).toBeGreaterThan(30);
    expect(existsSync(join(onlyRunFolder(out), 'report.html'))).toBe(true);
    expect(processes.length).toBeGreaterThan(3);
    expect(await waitUntilGone(processes)).toEqual([]);
  });

  it.each(['starting postgres', 'starting service'])(
    'leaves nothing when Ctrl-C comes while %s',
    async (stage) => {
      const out = await freshFolder();
      const cli = startCli(['run', await smallScenario(), '--out', out, '--progress', 'plain']);
      const processes = await untilSays(cli, new RegExp(stage));
      cli.kill('SIGINT');
      const end = await cli;
      expect(end.exitCode).toBe(130);
      expect(readdirSync(out)).toEqual([]);
      expect(await waitUntilGone(processes)).toEqual([]);
    },
  );

  it('leaves no process after kill -9, and what was recorded can be judged', async () => {
    const out = await freshFolder();
    const cli = startCli(['run', await smallScenario(), '--out', out, '--progress', 'json']);
    await untilSays(cli, underLoad);
    const attempts = join(onlyRunFolder(out), 'attempts');
    await until(() => readdirSync(attempts).some((name) => name.endsWith('.parquet')));
    const processes = descendantsOf(cli.pid!);
    expect(processes.length).toBeGreaterThan(3);
    cli.kill('SIGKILL');
    await cli;
    expect(await waitUntilGone(processes)).toEqual([]);
    const judged = await runCli(['judge', onlyRunFolder(out)]);
    const summary = JSON.parse(readFileSync(join(onlyRunFolder(out), 'summary.json'), 'utf8')) as Summary;
    expect(judged.exitCode).toBe(130);
    expect(summary.verdict).toBe('INTERRUPTED');
    expect(summary.schedule.sent).toBeGreaterThan(0);
    expect(stillRunning(processes)).toEqual([]);
  });
});

it('makes the folder that run folders go to', async () => {
  const out = join(await freshFolder(), 'deep', 'er');
  mkdirSync(join(out, '..'), { recursive: true });
  const end = await runCli([
    'run',
    await smallScenario((text) => text.replace('duration: 20s', 'duration: 2s')),
    '--out',
    out,
    '--progress',
    'none',
  ]);
  expect(end.exitCode, end.stderr).toBe(3);
  expect(existsSync(join(onlyRunFolder(out), 'run.json'))).toBe(true);
});

describe('a run that loses what it runs against', () => {
  it.each([
    ['Postgres', /postgres.* -D /],
    ['the emulator', /emulator-main/],
  ])('ends INCONCLUSIVE and says so when %s is killed, and leaves nothing', async (_what, command) => {
    const out = await freshFolder();
    const cli = startCli(['run', await smallScenario(), '--out', out, '--progress', 'json']);
    const processes = await untilSays(cli, underLoad);
    process.kill(processes.find((one) => command.test(one.command))!.pid, 'SIGKILL');
    const end = await cli;
    expect(end.exitCode, end.stdout + end.stderr).toBe(3);
    expect(end.stdout).toMatch(/was lost/);
    expect(await waitUntilGone(processes)).toEqual([]);
  });
});
