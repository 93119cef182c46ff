import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** A TCP port at which a process takes connections. */
export interface Listener {
  readonly pid: number;
  readonly address: string;
  readonly port: number;
}

/** The state of a socket that listens, in /proc/net/tcp. */
const listening = '0A';

/** Everything that these processes listen on, as Linux has it. */
export function listenersOf(pids: readonly number[]): readonly Listener[] {
  const owners = new Map(pids.flatMap((pid) => inodesOf(pid).map((inode) => [inode, pid] as const)));
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
        const pid = owners.get(inode);
        if (state !== listening || pid === undefined) return [];
        const [address = '', port = ''] = local.split(':');
        return [{ pid, address: addressOf(address), port: parseInt(port, 16) }];
      }),
  );
}

/** Sockets among the open files of a process. */
function inodesOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

/** IPv4 in words of the machine's own order; IPv6 as it stands. */
function addressOf(hex: string): string {
  if (hex.length > 8) return hex;
  return [6, 4, 2, 0].map((at) => parseInt(hex.slice(at, at + 2), 16)).join('.');
}
