import type { BackendRow } from '../../evidence/dataset/backend-row.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { forEveryService } from './shared/every-service.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { ageFrame, agesOf, judgeAges, type AgeInput } from './shared/session-ages.ts';
import { noLoad } from './shared/result.ts';

/*
 * No session is parked inside a transaction:
 *
 *     age of the state "idle in transaction" <= T_acq     soft
 *     age of the state "idle in transaction" <= T_stmt    hard
 *
 * While a session is parked for longer than T_acq, a request that waits for its slot fails. One that is parked for
 * longer than any statement may take is not doing database work at all: it waits for something outside.
 */

export type IdleInput = Omit<AgeInput, 'softMs' | 'hardMs' | 'what'> & {
  readonly acquireMs: number;
  readonly statementMs: number;
};

export function judgeIdleInTransaction({ acquireMs, statementMs, ...ages }: IdleInput): BoundResult {
  const limits = { softMs: acquireMs, hardMs: statementMs };
  return judgeAges({ ...ages, ...limits, what: 'a session was idle in a transaction' });
}

function parkedMs({ state, maxStateMs }: BackendRow): number | null {
  return state?.startsWith('idle in transaction') === true ? maxStateMs : null;
}

function judgeOne(run: RunFacts, service: ServiceFacts): BoundResult {
  const frame = ageFrame(run);
  if (frame === null) return noLoad('ms');
  const { acquireMs, statementMs } = service.thresholds;
  return judgeIdleInTransaction({ ...frame, sights: agesOf(run, service, parkedMs), acquireMs, statementMs });
}

export const idleInTransaction = {
  id: 'B14',
  name: 'idle-in-transaction',
  title: 'no session sits idle in a transaction',
  meaning: 'No session stays idle in a transaction longer than a request may wait for a session.',
  severity: { depends: 'longer than the acquire timeout is soft; longer than the statement timeout is hard' },
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'backends', 'events'], fail: ['events'] },
  needs: [...always, 'V03'],
  judge: (run) => forEveryService(run, judgeOne),
} as const satisfies Bound;
