import { execa } from 'execa';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  doctor,
  InputError,
  judge,
  NothingSentError,
  plan,
  report,
  run,
  schema,
  undo,
  validate,
  type RunProgress,
} from 'poolproof';
import { expect, test } from 'vitest';
import { freshFolder } from '../support/cli.ts';
import { descendantsOf, waitUntilGone } from '../support/processes.ts';

const server = resolve('scenarios/service/server.mjs');

async function scenarioFor(seconds: number, more = ''): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'poolproof-test-')), 'library.yaml');
  await writeFile(
    file,
    `version: 1
name: library
contract:
  service: { name: api, max_instances: 1, container_concurrency: 8 }
  database: { app_pool_max: 4 }
target: { local: { command: [node, ${server}] } }
postgres: { embedded: { setup: ${resolve('scenarios/service/schema.sql')} } }
traffic: { phases: [{ name: steady, duration: ${seconds}s, rate: 20/s }] }
requests: [{ name: read, get: "/orders/1" }]
${more}`,
  );
  return file;
}

test('a run is a function: it tells how it goes, resolves with its verdict, and what it left can be judged again', async () => {
  const seen: RunProgress[] = [];
  const { folder, summary, leftOver } = await run(await scenarioFor(3), {
    out: await freshFolder(),
    onProgress: (progress) => seen.push(progress),
  });
  // Nothing pressed on it: that proves nothing, and nothing is broken.
  expect(summary.verdict).toBe('INCONCLUSIVE');
  expect(summary.bounds.filter(({ status }) => status === 'FAIL')).toEqual([]);
  expect(leftOver).toEqual([]);
  expect(seen.some(({ phase }) => phase?.name === 'steady')).toBe(true);
  expect(seen.at(-1)?.status.stage).toBe('done');
  expect(seen.at(-1)?.load?.sent).toBe(summary.schedule.sent);
  const before = await readdir(folder);
  expect(await judge(folder)).toEqual(JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')));
  const files = await report(folder);
  for (const { name, content } of files)
    expect(await readFile(join(folder, name), 'utf8'), name).toBe(content);
  expect(await undo(folder)).toEqual({ entries: [], remarks: [] });
  // Asked for or not at all: neither judged nor rendered anything into the folder.
  expect(await readdir(folder)).toEqual(before);
});

test('a signal stops it: what was sent is judged, everything has ended, the process goes on', async () => {
  const stop = new AbortController();
  const { summary, folder } = await run(await scenarioFor(60), {
    out: await freshFolder(),
    signal: stop.signal,
    onProgress: ({ elapsedS, load }) => {
      if (load !== null && elapsedS > 1) stop.abort(new Error('seen enough'));
    },
  });
  expect(summary.verdict).toBe('INTERRUPTED');
  expect(summary.ended).toEqual({ how: 'interrupted', reason: 'seen enough' });
  expect(await readdir(folder)).toContain('report.html');
  const started = descendantsOf(process.pid).filter(({ command }) => /postgres|emulator-main/.test(command));
  expect(await waitUntilGone(started)).toEqual([]);
});

test('a signal before any load leaves nothing to judge, and no folder', async () => {
  const out = await freshFolder();
  const signal = AbortSignal.abort(new Error('never mind'));
  await expect(run(await scenarioFor(3), { out, signal })).rejects.toThrow(NothingSentError);
  expect(await readdir(out)).toEqual([]);
});

test('what is wrong in a file is thrown with all its problems, each with its place', async () => {
  const file = await scenarioFor(3, 'sampling: { every: 1ms }\nsafety: { allow_hosts: [example.com] }\n');
  for (const verb of [validate, plan, run, doctor]) {
    const error = await verb(file).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems).toMatchObject([{ place: { file, line: 10 } }]);
  }
});

test('a plan has its budget and its checks', async () => {
  const { budget, checks, arrivals, scenario } = await plan(await scenarioFor(3), { seed: 7 });
  expect(budget).toMatchObject({ claim: 4, fitsSteady: true });
  expect(checks.every(({ level }) => level !== 'refusal')).toBe(true);
  expect([arrivals.count, scenario.seed]).toEqual([60, 7]);
  expect(schema('scenario')).toMatchObject({ title: 'poolproof scenario' });
});

test('it writes nothing to the terminal, listens for no signal, and lets the process end', async () => {
  const program = `
    import { run } from 'poolproof';
    const { summary } = await run(${JSON.stringify(await scenarioFor(2))}, { out: ${JSON.stringify(await freshFolder())} });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name));
    process.exitCode = summary.verdict === 'INCONCLUSIVE' && signals.every((count) => count === 0) ? 42 : 1;
  `;
  const end = await execa(process.execPath, ['--input-type=module', '--eval', program], { reject: false });
  expect({ exitCode: end.exitCode, stdout: end.stdout, stderr: end.stderr }).toEqual({
    exitCode: 42,
    stdout: '',
    stderr: '',
  });
});
