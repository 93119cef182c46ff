import { mkdtemp, readFile, rmdir } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError, messageOf, type Problem } from '../base/errors.ts';
import { wordsOf } from '../base/system-error.ts';

/** How long a connection within this machine may take. */
const connectMs = 5_000;

/** Below these no scenario can be told from its want of ports, files or threads. */
const leastPorts = 1_000;
const leastFiles = 400;
const leastThreads = 200;

/** What every run needs of its machine, all that is missing at once. Throws `EnvironmentError`. */
export async function checkSurroundings(): Promise<void> {
  const problems = (await Promise.all([temporaryFolder(), loopback(), ports(), limits()])).flat();
  if (problems.length > 0) throw new EnvironmentError(problems);
}

async function temporaryFolder(): Promise<readonly Problem[]> {
  try {
    await rmdir(await mkdtemp(join(tmpdir(), 'poolproof-')));
    return [];
  } catch (error) {
    const message = `no folder can be made in ${tmpdir()}, which is for temporary files: ${messageOf(error)}`;
    return [{ message, hint: 'TMPDIR names another one' }];
  }
}

/** Ports are wanted by every connection, also by those that were closed in the last minute. */
async function ports(): Promise<readonly Problem[]> {
  const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '');
  const [from = 0, to = Infinity] = text.trim().split(/\s+/).filter(Boolean).map(Number);
  const count = to - from + 1;
  if (count >= leastPorts) return [];
  const message = `there are ${count} ports for outgoing connections, and a run needs ${leastPorts} at least`;
  return [{ message, hint: 'sysctl -w net.ipv4.ip_local_port_range="32768 60999"' }];
}

/** The system's limits of this process; a thread counts as a process, and root has no limit of these. */
async function limits(): Promise<readonly Problem[]> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const limitOf = (name: string): number =>
    Number(new RegExp(`^${name} +(\\d+)`, 'm').exec(text)?.[1] ?? Infinity);
  const tooLow = (count: number, least: number, what: string, flag: string): readonly Problem[] =>
    count >= least
      ? []
      : [
          {
            message: `the limit is ${count} ${what}, and a run needs ${least} at least`,
            hint: `raise it: ulimit ${flag} 65536`,
          },
        ];
  const threads = process.getuid?.() === 0 ? Infinity : limitOf('Max processes');
  return [
    ...tooLow(limitOf('Max open files'), leastFiles, 'open files and connections', '-n'),
    ...tooLow(threads, leastThreads, 'processes and threads', '-u'),
  ];
}

async function loopback(): Promise<readonly Problem[]> {
  try {
    await connectToItself();
    return [];
  } catch (error) {
    const hint = wordsOf(error)?.hint ?? 'is loopback up? ip link set lo up';
    return [{ message: `nothing can be reached at 127.0.0.1: ${messageOf(error)}`, hint }];
  }
}

function connectToItself(): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    const end = (error?: Error): void => {
      server.close();
      if (error === undefined) resolve();
      else reject(error);
    };
    server.once('error', end);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const socket = connect({ port, host: '127.0.0.1', timeout: connectMs });
      socket.once('connect', () => end());
      socket.once('error', end);
      socket.once('timeout', () => end(new Error(`no connection within ${connectMs / 1000} s`)));
      socket.once('close', () => socket.destroy());
    });
  });
}
