import { EnvironmentError } from '../base/errors.ts';
import type { Container } from './container.ts';

/** Signals processes by their pids inside the container; yields the pids that were reached. */
export async function signalInside(
  container: Container,
  signal: 'STOP' | 'CONT' | 'KILL',
  pids: readonly number[],
): Promise<readonly number[]> {
  const each = pids.map((pid) => `kill -${signal} ${pid} && echo ${pid}`).join('; ');
  const stdout = await inside(container, `${each}; true`);
  return stdout
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number);
}

/** How many of these processes are stopped, according to the container's own /proc. */
export async function countStoppedInside(container: Container, pids: readonly string[]): Promise<number> {
  const files = pids.filter((pid) => /^\d+$/.test(pid)).map((pid) => `/proc/${pid}/stat`);
  if (files.length === 0) return 0;
  const stdout = await inside(container, `cat ${files.join(' ')} 2>/dev/null; true`);
  // The state is the first field after the program's name, which is in brackets.
  return stdout.split('\n').filter((line) => /\) T /.test(line)).length;
}

async function inside(container: Container, script: string): Promise<string> {
  const { exitCode, output, stdout } = await container.exec(script);
  if (exitCode === 0) return stdout;
  throw new EnvironmentError([{ message: `can't signal processes in a container: ${output.trim()}` }]);
}
