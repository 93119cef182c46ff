import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endMarked, markedProcesses, markName } from '../../../src/base/processes/marked-processes.ts';
import { entryPath } from '../../../src/base/entry.ts';
import { startProcessGuard } from '../../../src/base/process-guard.ts';
import { runProcess } from '../../../src/platform/local/instance/service-process.ts';
import { until } from '../../support/until.ts';

/** Forks twice and leaves its group and its session, as daemons do. */
const daemon = '(setsid sleep 300 >/dev/null 2>&1 &); ';

test('only processes with the very mark are ended', async () => {
  const mark = randomUUID();
  for (const value of [mark, `${mark}.1`, `${mark}1`])
    spawnSync('sh', ['-c', daemon], { env: { PATH: process.env['PATH'], [markName]: value } });
  await until(async () => (await markedProcesses(mark)).length === 2);
  await endMarked(mark);
  expect(await markedProcesses(mark)).toEqual([]);
  expect(await markedProcesses(`${mark}1`)).toHaveLength(1);
  await endMarked(`${mark}1`);
});

test('a daemon of a service ends with its instance', async () => {
  const guard = startProcessGuard();
  const running = runProcess(
    {
      command: ['sh', '-c', `${daemon} exec sleep 300`],
      cwd: null,
      env: { PATH: process.env['PATH'] ?? '' },
      onLine: () => undefined,
    } as never,
    guard,
  );
  await until(async () => (await markedProcesses(guard.mark)).length === 2);
  running.terminate(1000);
  await running.exited;
  expect(await markedProcesses(guard.mark)).toEqual([]);
  guard.dismiss();
});

test('a daemon ends when poolproof is killed', async () => {
  const script = `import { startProcessGuard } from ${JSON.stringify(entryPath('base/process-guard'))};
    import { spawnSync } from 'node:child_process';
    const { mark } = startProcessGuard();
    spawnSync('sh', ['-c', ${JSON.stringify(daemon)}], { env: { PATH: process.env.PATH, ${markName}: mark } });
    console.log(mark);
    setInterval(() => 0, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const mark = line.toString().trim();
  await until(async () => (await markedProcesses(mark)).length === 1);
  parent.kill('SIGKILL');
  await until(async () => (await markedProcesses(mark)).length === 0);
});
