// CPU time of a process, from the system's own account of it.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const ticksPerSec = Number(execFileSync('getconf', ['CLK_TCK']));

/** Microseconds of CPU that a process has used, user and system together; in steps of a clock tick. */
export function cpuUs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSec) * 1e6;
}

/** The child of this process whose command line has this text. */
export function childRunning(text) {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /, '')
        .split(' ')[1];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      if (Number(parent) === process.pid && command.includes(text)) return Number(pid);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error(`no child runs ${text}`);
}
