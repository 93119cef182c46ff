import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';

/** A process, told apart from every other that has or will have its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the system's own words; a number that is given again, or a boot, makes another of it. */
  readonly began: string;
}

/** The identity of a process; null when there is none of that number, or the system does not tell when it began. */
export async function identityOf(pid: number): Promise<ProcessIdentity | null> {
  const began = process.platform === 'linux' ? await beganOnLinux(pid) : await beganByPs(pid);
  return began === null ? null : { pid, began };
}

/** Whether it is still there. What can't be told counts as gone. */
export async function isRunning({ pid, began }: ProcessIdentity): Promise<boolean> {
  return (await identityOf(pid))?.began === began;
}

/** Ticks since boot, the 22nd field; the program's name before it stands in brackets and may hold anything. */
async function beganOnLinux(pid: number): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = 'Z', ticks = ''] = [fields[0], fields[19]];
    // A process that has ended and that nobody has asked after yet.
    return state === 'Z' || ticks === '' ? null : `${ticks} ticks after boot ${boot.trim()}`;
  } catch {
    return null;
  }
}

async function beganByPs(pid: number): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() === '' ? null : stdout.trim();
  } catch {
    return null;
  }
}
