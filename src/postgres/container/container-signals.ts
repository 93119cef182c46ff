import type { StartedTestContainer } from 'testcontainers';
import { EnvironmentError } from '../../base/errors.ts';

/** Signals processes by the numbers that they have in the container, as root there; yields those that were reached. */
export async function signalInside(
  container: StartedTestContainer,
  signal: 'STOP' | 'CONT' | 'KILL',
  pids: readonly number[],
): Promise<readonly number[]> {
  const each = pids.map((pid) => `kill -${signal} ${pid} && echo ${pid}`).join('; ');
  const { stdout } = await inside(container, `${each}; true`);
  return stdout
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number);
}

/** How many of these are stopped, by the container's own /proc. */
export async function countStoppedInside(
  container: StartedTestContainer,
  pids: readonly string[],
): Promise<number | null> {
  const files = pids.filter((pid) => /^\d+$/.test(pid)).map((pid) => `/proc/${pid}/stat`);
  if (files.length === 0) return 0;
  const { stdout } = await inside(container, `cat ${files.join(' ')} 2>/dev/null; true`);
  // The state is the first field behind the program's name, which stands in brackets.
  return stdout.split('\n').filter((line) => /\) T /.test(line)).length;
}

async function inside(container: StartedTestContainer, script: string): Promise<{ readonly stdout: string }> {
  const result = await container.exec(['sh', '-c', script], { user: '0' });
  if (result.exitCode !== 0)
    throw new EnvironmentError([
      { message: `can't signal Postgres in its container: ${result.output.trim()}` },
    ]);
  return result;
}
