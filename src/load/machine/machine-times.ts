import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** CPU time of all processors since the machine started, in ticks of unspecified length. */
export interface MachineTimes {
  readonly cpus: number;
  readonly busy: number;
  /** Null where the system does not report it. */
  readonly steal: number | null;
  /** Busy, idle and stolen together. */
  readonly total: number;
}

/** Reads /proc/stat; where there is none, asks Node, which knows nothing of stolen time. */
export function readMachineTimes(): MachineTimes {
  const all = cpus();
  const stat = readStat();
  if (stat !== null) return { cpus: all.length, ...parseStat(stat) };
  let busy = 0;
  let idle = 0;
  for (const { times } of all) {
    busy += times.user + times.nice + times.sys + times.irq;
    idle += times.idle;
  }
  return { cpus: all.length, busy, steal: null, total: busy + idle };
}

/** Reads the line for all processors (proc(5)). Guest time is already part of `user` and `nice`. */
export function parseStat(stat: string): Omit<MachineTimes, 'cpus'> {
  const line = /^cpu\s+(.*)$/m.exec(stat)?.[1] ?? '';
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, steal] = line
    .split(/\s+/)
    .map(Number);
  const busy = user + nice + system + irq + softIrq;
  return { busy, steal: steal ?? null, total: busy + idle + ioWait + (steal ?? 0) };
}

function readStat(): string | null {
  try {
    return readFileSync('/proc/stat', 'utf8');
  } catch {
    return null;
  }
}
