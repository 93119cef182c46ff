import { readFile, readdir, readlink } from 'node:fs/promises';

/** A socket that listens, as the kernel lists it. */
export interface Listener {
  readonly port: number;
  readonly inode: string;
  readonly isLoopback: boolean;
}

/** State of a listening socket in /proc/net/tcp. */
const listenState = '0A';

/** From here on systems take ports for sockets that ask for any: a listener there on loopback is nobody's choice. */
const ephemeralFrom = 32_768;

/**
 * TCP ports that the processes of a group listen on, those left out that a program opened on loopback without
 * choosing a number. Null where the system does not tell.
 */
export async function listeningPorts(group: number): Promise<readonly number[] | null> {
  if (process.platform !== 'linux') return null;
  const inodes = await socketInodes(await pidsOfGroup(group));
  if (inodes.size === 0) return [];
  const ports = (await listenersInNetworkOf('self'))
    .filter(({ inode, port, isLoopback }) => inodes.has(inode) && !(isLoopback && port >= ephemeralFrom))
    .map(({ port }) => port);
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** Everything that listens in the network namespace of a process; nothing where the system does not tell. */
export async function listenersInNetworkOf(pid: number | 'self'): Promise<readonly Listener[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => textOf(`/proc/${pid}/net/${name}`)));
  return tables.flatMap(parseListeners);
}

/**
 * Reads /proc/net/tcp or tcp6. Columns: slot, local address, remote address, state, two queues, timer,
 * retransmits, uid, timeout, inode. An address is hexadecimal in words of the machine's byte order.
 */
export function parseListeners(table: string): readonly Listener[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== listenState) return [];
    return [{ port: Number.parseInt(port, 16), inode, isLoopback: isLoopback(address) }];
  });
}

/** 127.0.0.0/8, ::1, and the first mapped into IPv6. */
function isLoopback(address: string): boolean {
  if (address.length === 8) return address.endsWith('7F');
  return address === '00000000000000000000000001000000' || /^0{16}FFFF0000[0-9A-F]{6}7F$/.test(address);
}

async function pidsOfGroup(group: number): Promise<readonly string[]> {
  const pids = (await namesIn('/proc')).filter((name) => /^\d+$/.test(name));
  const groups = await Promise.all(pids.map(async (pid) => groupOf(await textOf(`/proc/${pid}/stat`))));
  return pids.filter((_, index) => groups[index] === group);
}

/** The fifth column; the second is a name in parentheses that may hold anything. */
function groupOf(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

async function socketInodes(pids: readonly string[]): Promise<ReadonlySet<string>> {
  const inodes = new Set<string>();
  for (const pid of pids) {
    const files = await namesIn(`/proc/${pid}/fd`);
    const targets = await Promise.all(files.map((name) => linkOf(`/proc/${pid}/fd/${name}`)));
    for (const target of targets) if (target.startsWith('socket:[')) inodes.add(target.slice(8, -1));
  }
  return inodes;
}

/** A process may end while it is looked at: then it has nothing. */
const textOf = (path: string): Promise<string> => readFile(path, 'latin1').catch(() => '');
const namesIn = (path: string): Promise<readonly string[]> => readdir(path).catch(() => []);
const linkOf = (path: string): Promise<string> => readlink(path).catch(() => '');
