import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { forEveryService } from './shared/every-service.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { ageFrame, agesOf, judgeAges, type AgeInput } from './shared/session-ages.ts';
import { noLoad } from './shared/result.ts';

/*
 * A transaction does not outlive its request:
 *
 *     age of a transaction <= T_stmt    soft: one statement fits, with what belongs around it
 *     age of a transaction <= T_req     hard: the request that began it is gone
 */

export type TransactionInput = Omit<AgeInput, 'softMs' | 'hardMs' | 'what'> & {
  readonly statementMs: number;
  readonly requestMs: number;
};

export function judgeTransactionAge({ statementMs, requestMs, ...ages }: TransactionInput): BoundResult {
  const limits = { softMs: statementMs, hardMs: requestMs };
  return judgeAges({ ...ages, ...limits, what: 'a transaction was open' });
}

function judgeOne(run: RunFacts, service: ServiceFacts): BoundResult {
  const frame = ageFrame(run);
  if (frame === null) return noLoad('ms');
  const { statementMs, requestMs } = service.thresholds;
  const sights = agesOf(run, service, ({ maxXactMs }) => maxXactMs);
  return judgeTransactionAge({ ...frame, sights, statementMs, requestMs });
}

export const transactionAge = {
  id: 'B15',
  name: 'transaction-age',
  title: 'transactions are short',
  meaning: 'No transaction outlives its request.',
  severity: { depends: 'longer than the statement timeout is soft; longer than the request timeout is hard' },
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'backends', 'events'], fail: ['events'] },
  needs: [...always, 'V03'],
  judge: (run) => forEveryService(run, judgeOne),
} as const satisfies Bound;
