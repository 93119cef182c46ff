import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';

/** A process, distinct from every other one that ever has its pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the system reports it: differs for another process with the same pid, and after a reboot. */
  readonly began: string;
}

/** The identity of a process; null when there is none with this pid, or its start can't be read. */
export async function identityOf(pid: number): Promise<ProcessIdentity | null> {
  const began = process.platform === 'linux' ? await beganOnLinux(pid) : await beganByPs(pid);
  return began === null ? null : { pid, began };
}

/** Whether it is still running; false where that can't be known. */
export async function isRunning({ pid, began }: ProcessIdentity): Promise<boolean> {
  return (await identityOf(pid))?.began === began;
}

/** Field 22 is the start in ticks since boot. The program's name, field 2, is in parentheses and may hold anything. */
async function beganOnLinux(pid: number): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = 'Z', ticks = ''] = [fields[0], fields[19]];
    // A zombie has ended.
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
