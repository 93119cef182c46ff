// Runs a generator as a process of its own and says what it used.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf, treeCpuUs, treeRssBytes } from './cpu.mjs';
import { core, pinned } from './machine.mjs';

/** Every generator is measured from so long after its first request: by then its code is compiled. */
const warmMs = 1500;
const sampleMs = 250;
const limitMs = 30 * 60_000;

/**
 * CPU per request that the target counted, from `warmMs` after the first of them up to the end of the process:
 * what it writes and sums up when load is over is part of the price. The account at the end is the shell's
 * (`wait4`, all threads and children), the one at the beginning the scheduler's.
 */
export async function meter(target, { argv, folder, stall = null, stopAt = Infinity }) {
  await target.reset();
  if (stall !== null) await target.stall(stall);
  const account = join(folder, 'account');
  const shell = startTimed(argv, account);
  try {
    const ended = once(shell.child, 'exit');
    const { start, rss } = await watch(target, shell.child, stopAt);
    const [code] = await ended;
    if (code !== 0 || start === null)
      throw new Error(`${argv.join(' ')} ended with ${code}:\n${shell.complained()}`);
    const totalUs = readFileSync(account, 'utf8')
      .trim()
      .split(/\s+/)
      .slice(-2)
      .reduce((sum, seconds) => sum + Number(seconds) * 1e6, 0);
    const requests = await target.count();
    return {
      requests,
      output: shell.said(),
      cpuUsPerRequest: (totalUs - start.cpuUs) / (requests - start.count),
      wholeCpuUsPerRequest: totalUs / requests,
      peakRssBytes: Math.max(...rss.map(({ bytes }) => bytes)),
      rss,
    };
  } finally {
    if (shell.child.exitCode === null) for (const pid of childrenOf(shell.child.pid)) process.kill(pid);
  }
}

/** A shell that notes the seconds of user and system time in a file when its command has ended. */
function startTimed(argv, account) {
  const script = `TIMEFORMAT='%3U %3S'; { time "$@" 2>&3; } 3>&2 2>${account}`;
  const given = ['-c', script, 'bash', ...pinned(core.generator, argv)];
  const child = spawn('bash', given, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (complaints += data));
  return { child, said: () => output, complained: () => output + complaints };
}

/** Where the measurement starts, and the memory all along; at `stopAt` requests it is asked to end. */
async function watch(target, shell, stopAt) {
  const rss = [];
  let start = null;
  let firstMs = null;
  const latestMs = performance.now() + limitMs;
  while (shell.exitCode === null && shell.signalCode === null) {
    if (performance.now() > latestMs) throw new Error(`no end in ${limitMs / 60_000} minutes`);
    await delay(firstMs === null ? 20 : sampleMs);
    const count = await target.count();
    if (count > 0) firstMs ??= performance.now();
    const isWarm = start === null && firstMs !== null && performance.now() - firstMs >= warmMs;
    try {
      const [pid] = childrenOf(shell.pid);
      if (pid === undefined) continue;
      rss.push({ count, bytes: treeRssBytes(pid) });
      if (isWarm) start = { count: await target.count(), cpuUs: treeCpuUs(pid) };
      if (count >= stopAt) process.kill(pid, 'SIGTERM');
    } catch {
      // It has ended meanwhile.
    }
  }
  return { start, rss };
}
