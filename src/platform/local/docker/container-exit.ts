import { constants } from 'node:os';

/** What Docker says of a container that has ended. */
export interface EndedState {
  readonly statusCode: number;
  /** The kernel killed one of its processes because memory ran out. */
  readonly outOfMemory: boolean;
}

export interface ContainerExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly error: string | null;
}

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** Status 128+n means that signal n ended the first process, as in a shell. */
export function containerExit({ statusCode, outOfMemory }: EndedState): ContainerExit {
  const signal = statusCode > 128 ? (signalNames.get(statusCode - 128) ?? null) : null;
  const code = signal === null ? statusCode : null;
  // A killed worker is not necessarily what ended the container.
  const error = outOfMemory && signal === 'SIGKILL' ? 'out of memory: its limit was reached' : null;
  return { code, signal, error };
}
