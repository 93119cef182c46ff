import { readFileSync } from 'node:fs';

/** Whether a process is stopped (SIGSTOP); null where there is none, or the system does not say. */
export function isStopped(pid: number): boolean | null {
  const state = stateOf(pid);
  return state === null || state === 'Z' ? null : state === 'T' || state === 't';
}

/** The children of a process; none where the system does not say. */
export function childrenOf(pid: number): readonly number[] {
  return (read(`/proc/${pid}/task/${pid}/children`) ?? '')
    .split(' ')
    .filter((text) => text !== '')
    .map(Number);
}

/** The state is the first field after the program's name, which is in brackets and may hold anything. */
function stateOf(pid: number): string | null {
  const text = read(`/proc/${pid}/stat`) ?? '';
  return text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3) || null;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
