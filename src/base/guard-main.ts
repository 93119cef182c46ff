import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { endMarked } from './processes/marked-processes.ts';
import type { GuardOrder } from './process-guard.ts';

/** How long a group has after its first signal before SIGKILL. */
const graceMs = 1500;

/** How long a command may take. */
const commandLimitMs = 20_000;

const watched = new Map<number, NodeJS.Signals>();
const marks = new Set<string>();
const folders = new Set<string>();
const commands: (readonly [string, ...string[]])[] = [];

// Signals from the parent's terminal must not end the guard before the parent itself is gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const lines = createInterface({ input: process.stdin });
process.stdin.on('error', () => undefined);
lines.on('line', (line) => {
  const order = readOrder(line);
  if (order !== null) obey(order);
});
lines.on('close', () => void cleanUp());

/** A parent that is killed while it writes leaves half a line, which is ignored. */
function readOrder(line: string): GuardOrder | null {
  try {
    return JSON.parse(line) as GuardOrder;
  } catch {
    return null;
  }
}

function obey(order: GuardOrder): void {
  if (order.do === 'watch') watched.set(order.pid, order.signal);
  if (order.do === 'release') watched.delete(order.pid);
  if (order.do === 'mark') marks.add(order.mark);
  if (order.do === 'remove') folders.add(order.folder);
  if (order.do === 'run') commands.push(order.command);
  if (order.do === 'dismiss') process.exit(0);
}

async function cleanUp(): Promise<void> {
  for (const [pid, signal] of watched) signalGroup(pid, signal);
  for (let waitedMs = 0; waitedMs < graceMs && [...watched.keys()].some(isAlive); waitedMs += 50)
    await delay(50);
  for (const pid of watched.keys()) signalGroup(pid, 'SIGKILL');
  for (const mark of marks) await endMarked(mark);
  await delay(100);
  await Promise.all(commands.map(runCommand));
  for (const folder of folders)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Never rejects: a command that fails must not keep the rest from being cleaned up. */
function runCommand([file, ...args]: readonly [string, ...string[]]): Promise<void> {
  const limits = { timeout: commandLimitMs, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => void execFile(file, args, limits, () => resolve()));
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  return signalGroup(pid, 0);
}
