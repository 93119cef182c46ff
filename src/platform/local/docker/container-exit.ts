import { constants } from 'node:os';

/** What Docker says of a container that has ended. */
export interface EndedState {
  readonly statusCode: number;
  /** The kernel ended one of its processes for want of memory. */
  readonly outOfMemory: boolean;
}

export interface ContainerExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly error: string | null;
}

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** A first process that was ended by signal n has the status 128+n, as in a shell. */
export function containerExit({ statusCode, outOfMemory }: EndedState): ContainerExit {
  const signal = statusCode > 128 ? (signalNames.get(statusCode - 128) ?? null) : null;
  const code = signal === null ? statusCode : null;
  // A worker that was killed need not be what ended the container.
  const error = outOfMemory && signal === 'SIGKILL' ? 'out of memory: its limit was reached' : null;
  return { code, signal, error };
}
