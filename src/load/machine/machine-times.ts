import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** What all processors of this machine have done since it started, in ticks of any length. */
export interface MachineTimes {
  readonly cpus: number;
  readonly busy: number;
  /** Null where the system does not tell. */
  readonly steal: number | null;
  /** Busy, idle and stolen together. */
  readonly total: number;
}

/** Reads them: from /proc/stat where there is one, and elsewhere what Node knows, which is nothing of what was stolen. */
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

/** The line of all processors (proc(5)); what guests had is in `user` and `nice` already. */
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
