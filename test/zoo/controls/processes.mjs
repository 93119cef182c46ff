import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The processes below this one whose title is such. */
export function childrenOf(pid, isSuch) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((each) => [Number(each), parentOf(each)]));
  const isBelow = (each) => {
    const parent = parents.get(each);
    return parent === pid || (parent !== undefined && parent > 1 && isBelow(parent));
  };
  return [...parents.keys()].filter((each) => isBelow(each) && isSuch(titleOf(each)));
}

/** Waits for one of them, a minute at most. */
export async function untilProcess(pid, isSuch) {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 100) {
    if (childrenOf(pid, isSuch).length > 0) return;
    await sleep(100);
  }
  throw new Error('the process that was waited for never came');
}

function parentOf(pid) {
  // pid (name) state ppid: the name may hold blanks and brackets.
  return Number(/^.*\) \S (\d+)/s.exec(read(`/proc/${pid}/stat`))?.[1] ?? 0);
}

function titleOf(pid) {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
