import { readFile } from 'node:fs/promises';

/** How many of these processes of this machine are stopped (SIGSTOP); null where the system does not say. */
export async function countStopped(pids: readonly string[]): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const states = await Promise.all(pids.map(stateOf));
  return states.filter((state) => state === 'T').length;
}

/** The state is the first field after the program's name, which is in brackets and may hold anything. */
async function stateOf(pid: string): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3) || null;
}
