import type { Attempt, Outcome } from './attempt.ts';

/** What an outcome means to the caller: served, turned away with an answer, or let down. */
export const outcomeGroups = ['ok', 'refused', 'failed', 'never_ended'] as const;

export type OutcomeGroup = (typeof outcomeGroups)[number];

const groups: Readonly<Record<Outcome, OutcomeGroup>> = {
  ok: 'ok',
  platform: 'refused',
  shed: 'refused',
  pool_timeout: 'refused',
  stmt_timeout: 'failed',
  db_error: 'failed',
  deadline: 'failed',
  client_timeout: 'failed',
  conn_error: 'failed',
  dishonest: 'failed',
  client_error: 'failed',
  unknown: 'failed',
  dropped: 'never_ended',
  unfinished: 'never_ended',
};

/** The group of an outcome. */
export function groupOf(outcome: Outcome): OutcomeGroup {
  return groups[outcome];
}

/** Errors of a machine that has run out of files, ports or buffers for new connections. */
const exhausted = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']);

/** True for an attempt that failed on the generator's own machine and so never reached the service. */
export function isOwnFailure({ outcome, errorCode }: Pick<Attempt, 'outcome' | 'errorCode'>): boolean {
  return outcome === 'conn_error' && errorCode !== null && exhausted.has(errorCode);
}
