import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that can't be mistaken for a later one with the same number. */
export interface ProcessId {
  readonly pid: number;
  readonly startTicks: string;
  readonly command: string;
}

interface ProcessStat extends ProcessId {
  readonly parent: number;
  readonly state: string;
}

/** All processes below the given one, children of children included. */
export function descendantsOf(pid: number): readonly ProcessId[] {
  const all = readAll();
  const found: ProcessStat[] = [];
  let parents = [pid];
  for (let depth = 0; depth < 20 && parents.length > 0; depth += 1) {
    const children = all.filter((one) => parents.includes(one.parent));
    found.push(...children);
    parents = children.map((one) => one.pid);
  }
  return found;
}

/** Those of the processes that still run; zombies do not. */
export function stillRunning(processes: readonly ProcessId[]): readonly ProcessId[] {
  const now = readAll();
  return processes.filter((one) =>
    now.some((other) => other.pid === one.pid && other.startTicks === one.startTicks && other.state !== 'Z'),
  );
}

/** What "within seconds" means where a busy machine must not fail a test. */
const goneLimitMs = 10_000;

/** Waits until none of them runs, a few seconds at most; returns those that still do. */
export async function waitUntilGone(processes: readonly ProcessId[]): Promise<readonly ProcessId[]> {
  const endMs = performance.now() + goneLimitMs;
  let left = stillRunning(processes);
  while (left.length > 0 && performance.now() < endMs) {
    await delay(50);
    left = stillRunning(left);
  }
  return left;
}

function readAll(): readonly ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readOne(Number(name)) ?? []);
}

function readOne(pid: number): ProcessStat | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, command, state: fields[0] ?? '', parent: Number(fields[1]), startTicks: fields[19] ?? '' };
  } catch {
    return null;
  }
}
