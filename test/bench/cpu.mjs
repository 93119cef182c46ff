// CPU time and memory of processes, from the system's own account of them.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const ticksPerSec = Number(execFileSync('getconf', ['CLK_TCK']));

/** Microseconds of CPU that a process has used, user and system together; in steps of a clock tick. */
export function cpuUs(pid) {
  const fields = statOf(pid);
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSec) * 1e6;
}

/** The same of a process, its threads and all that it started, without steps: what the scheduler counted. */
export function treeCpuUs(pid) {
  const us = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const [ns] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ');
    return Number(ns) / 1000;
  });
  return [...us, ...childrenOf(pid).map(treeCpuUs)].reduce((sum, value) => sum + value, 0);
}

/** Bytes of memory that a process and all that it started have resident. */
export function treeRssBytes(pid) {
  const [, kib = '0'] = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return childrenOf(pid).reduce((sum, child) => sum + treeRssBytes(child), Number(kib) * 1024);
}

/** Processes that a process has started and not yet seen end. */
export function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
  );
}

/** The child of this process whose command line has this text. */
export function childRunning(text) {
  const found = childrenOf(process.pid).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text),
  );
  if (found === undefined) throw new Error(`no child runs ${text}`);
  return found;
}

function statOf(pid) {
  return readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
}
