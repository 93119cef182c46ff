import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A daemon leaves the group and the session of the program that started it, but not the environment that it was started
 * with: a variable with a name of ours and a value that nobody else has tells whose it is.
 */
export const markName = 'POOLPROOF_MARK';

/** Processes that start others while they are looked for need more than one look. */
const mostLooks = 20;
const againMs = 25;

/** Ends every process that bears the mark, or one that begins with it and a dot. Where there is no /proc, none is found. */
export async function endMarked(mark: string): Promise<void> {
  for (let look = 0; look < mostLooks; look += 1) {
    const found = await markedProcesses(mark);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
    await delay(againMs);
  }
}

/** The pids of those processes; zombies have ended. */
export async function markedProcesses(mark: string): Promise<readonly number[]> {
  const variable = `${markName}=${mark}`;
  const bears = async (pid: number): Promise<boolean> => {
    const began = await startOf(pid);
    const variables = (await textOf(`/proc/${pid}/environ`)).split('\0');
    const isMarked = variables.some((one) => one === variable || one.startsWith(`${variable}.`));
    // The same process before and after: its number was not given to another meanwhile.
    return isMarked && began !== null && (await startOf(pid)) === began;
  };
  const pids = await allPids();
  const found = await Promise.all(pids.map(bears));
  return pids.filter((_, index) => found[index] === true);
}

async function allPids(): Promise<readonly number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/** Empty where there is none, or where it may not be read: then it is another account's. */
function textOf(path: string): Promise<string> {
  return readFile(path, 'latin1').catch(() => '');
}

/** In ticks since boot: field 22, behind the program's name, which is in parentheses and may hold anything. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await textOf(`/proc/${pid}/stat`);
  const [state = 'Z', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? null : (fields[18] ?? null);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
