import type { Attempt } from './attempt.ts';

/** What a machine says that has no file, port or buffer left for another connection. */
const exhausted = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']);

/** True for an attempt that broke on the generator's own machine, so that the service never had it. */
export function isOwnFailure({ outcome, errorCode }: Pick<Attempt, 'outcome' | 'errorCode'>): boolean {
  return outcome === 'conn_error' && errorCode !== null && exhausted.has(errorCode);
}
