import { EnvironmentError, KnownError, messageOf } from './errors.ts';

/** What the system's refusals mean, and the way out of each. */
const meanings: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  ENOSPC: { what: 'the disk is full', hint: 'free some space, or name another folder: --out, TMPDIR' },
  EDQUOT: {
    what: 'the quota of the disk is used up',
    hint: 'free some space, or name another folder: --out, TMPDIR',
  },
  EROFS: {
    what: 'the file system is read-only',
    hint: 'name a folder that can be written to: --out, TMPDIR',
  },
  EMFILE: { what: 'no open file is left for this process', hint: 'raise the limit: ulimit -n 65536' },
  ENFILE: { what: 'no open file is left on this machine', hint: 'raise fs.file-max' },
  EAGAIN: { what: 'no process or thread is left for this user', hint: 'raise the limit: ulimit -u' },
  ERR_WORKER_INIT_FAILED: {
    what: 'no thread is left for this user',
    hint: 'raise the limits: ulimit -u, ulimit -n',
  },
  ENOMEM: { what: 'no memory is left on this machine', hint: 'free some memory' },
  EADDRNOTAVAIL: {
    what: 'no address or free port is left',
    hint: 'is loopback (lo) up, and net.ipv4.ip_local_port_range wide enough?',
  },
  ENOBUFS: { what: 'no memory is left for sockets', hint: 'free some memory' },
  ENETUNREACH: { what: 'the network is unreachable', hint: 'is loopback up? ip link set lo up' },
};

/** The error as one with a place and a way out, where it is one of ours or the system's surroundings failed; else null. */
export function asKnownError(error: unknown): KnownError | null {
  if (error instanceof KnownError) return error;
  const words = wordsOf(error);
  if (words === null) return null;
  return new EnvironmentError([{ message: `${words.what}: ${messageOf(error)}`, hint: words.hint }], {
    cause: error,
  });
}

/** What a refusal of the system means and the way out; null for any other error. */
export function wordsOf(error: unknown): { readonly what: string; readonly hint: string } | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? (meanings[code] ?? null) : null;
}
