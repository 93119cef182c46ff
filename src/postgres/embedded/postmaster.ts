import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep, within } from '../../base/deadline.ts';
import { EnvironmentError, InterruptedError } from '../../base/errors.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';
import type { Account } from './account.ts';
import { serverEnvironment } from './settings.ts';
import { lastLines } from './last-lines.ts';
import type { Programs } from './programs.ts';
import type { ServerFolder } from './server-folder.ts';

const readyTimeoutMs = 30_000;
const readyPollMs = 10;

/** How long each way of stopping has. `SIGQUIT` needs more than the 5 s after which the server kills its children. */
const stopSteps = [
  { signal: 'SIGINT', waitMs: 5000 },
  { signal: 'SIGQUIT', waitMs: 6500 },
  { signal: 'SIGKILL', waitMs: 2000 },
] as const;

/** A server process and all its children. */
export interface Postmaster {
  readonly pid: number;
  /** How it ended, in words. Never rejects. */
  readonly ended: Promise<string>;
  /** Ends all sessions at once, then the server: fast, then immediate, then by force. Bounded. */
  stop(): Promise<void>;
}

/** What starting a server needs. */
export interface PostmasterOrders {
  readonly programs: Programs;
  readonly folder: ServerFolder;
  readonly account: Account | null;
  readonly guard: ProcessGuard;
  readonly signal: AbortSignal;
}

/** Starts a server in a process group of its own, so that Ctrl-C in the terminal does not end it under the run. */
export async function startPostmaster(orders: PostmasterOrders): Promise<Postmaster> {
  const { programs, folder, account, guard } = orders;
  const child = spawn(programs.postgres, ['-D', folder.data], {
    ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
    env: serverEnvironment,
    cwd: folder.path,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors = collectErrors(child);
  const ended = endOf(child);
  const { pid } = child;
  if (pid === undefined) throw cannotStart(await ended, []);
  guard.watch(pid, 'SIGQUIT');
  void ended.then(() => guard.release(pid));

  const postmaster: Postmaster = { pid, ended, stop: () => stopProcess(child, ended) };
  const decided = new AbortController();
  const signal = AbortSignal.any([orders.signal, decided.signal]);
  const verdict = await Promise.race([ended, untilReady(folder, pid, signal)]);
  decided.abort();
  if (verdict === 'ready') return postmaster;
  await postmaster.stop();
  if (orders.signal.aborted) throw new InterruptedError([{ message: 'stopped while Postgres was starting' }]);
  throw cannotStart(verdict, await lastLines(folder.logFile, errors()));
}

/** The server writes its state into line 8 of its pid file; unlike a port, that can't be another server's. */
async function untilReady(folder: ServerFolder, pid: number, signal: AbortSignal): Promise<string> {
  const file = join(folder.data, 'postmaster.pid');
  for (let waitedMs = 0; waitedMs < readyTimeoutMs && !signal.aborted; waitedMs += readyPollMs) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const lines = text.split('\n');
    // A killed server leaves its file behind.
    if (lines[0] === String(pid) && lines[7]?.trim() === 'ready') return 'ready';
    await sleep(readyPollMs, signal);
  }
  return `it was not ready within ${readyTimeoutMs / 1000} s`;
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `it ended with exit code ${code ?? 'unknown'}` : `it was ended by ${signal}`);
    });
    child.once('error', (error) => resolve(error.message));
  });
}

/** What the server prints before its log takes over. */
function collectErrors(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-8192)));
  return () => text;
}

function cannotStart(why: string, lines: readonly string[]): EnvironmentError {
  const said = lines.length === 0 ? '' : `:\n  ${lines.join('\n  ')}`;
  return new EnvironmentError([{ message: `Postgres can't start: ${why}${said}` }]);
}

async function stopProcess(child: ChildProcess, ended: Promise<string>): Promise<void> {
  for (const { signal, waitMs } of stopSteps) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await within(ended, waitMs, undefined);
  }
}
