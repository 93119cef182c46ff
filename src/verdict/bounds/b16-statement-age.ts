import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { forEveryService } from './shared/every-service.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { ageFrame, agesOf, judgeAges, type AgeInput } from './shared/session-ages.ts';
import { noLoad } from './shared/result.ts';

/*
 * No statement runs for longer than it may:
 *
 *     age of the statement of an active session <= T_stmt + eps
 *
 * This shows a missing or wrong statement timeout before anything fails because of it. Waiting for a lock is part of a
 * statement's time, so a lock excuses nothing, and nothing else does either.
 */

export type StatementInput = Omit<AgeInput, 'softMs' | 'hardMs' | 'what'> & {
  /** T_stmt + eps. */
  readonly limitMs: number;
};

export function judgeStatementAge({ limitMs, ...ages }: StatementInput): BoundResult {
  return judgeAges({ ...ages, softMs: null, hardMs: limitMs, what: 'a statement ran' });
}

function judgeOne(run: RunFacts, service: ServiceFacts): BoundResult {
  const frame = ageFrame(run);
  if (frame === null) return noLoad('ms');
  const sights = agesOf(run, service, ({ state, maxQueryMs }) => (state === 'active' ? maxQueryMs : null));
  return judgeStatementAge({ ...frame, sights, limitMs: service.thresholds.orphanMs });
}

export const statementAge = {
  id: 'B16',
  name: 'statement-age',
  title: 'statements respect their timeout',
  meaning: 'No statement runs longer than the statement timeout.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'backends', 'events'], fail: ['events'] },
  needs: [...always, 'V03'],
  judge: (run) => forEveryService(run, judgeOne),
} as const satisfies Bound;
