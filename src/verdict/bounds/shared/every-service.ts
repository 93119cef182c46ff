import type { BoundResult } from './bound.ts';
import { everyService, type RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';

/** What a bound says of each declared service that was observed, the one that load was sent at first. */
export interface ServiceResult {
  readonly service: string;
  readonly result: BoundResult;
}

/** Judges each service by itself. */
export function judgeEach(
  run: RunFacts,
  judge: (run: RunFacts, service: ServiceFacts) => BoundResult,
): readonly ServiceResult[] {
  return everyService(run).map((one) => ({
    service: one.contract.name,
    result: judge(run, one),
  }));
}

/** One result for all of them: the worst decides, and says whose it is. A single service is not named. */
export function forEveryService(
  run: RunFacts,
  judge: (run: RunFacts, service: ServiceFacts) => BoundResult,
): BoundResult {
  return worstOf(judgeEach(run, judge));
}

const worstFirst: readonly BoundResult['status'][] = [
  'FAIL',
  'INCONCLUSIVE',
  'PASS_SAMPLED',
  'PASS',
  'NOT_APPLICABLE',
];

/** Joins results of services: the worst status, with the reasons of those that have it (both kinds of PASS are one). */
export function worstOf(results: readonly ServiceResult[]): BoundResult {
  const [only] = results;
  if (only === undefined) throw new RangeError('no service was judged');
  if (results.length === 1) return only.result;
  const rank = ({ result }: ServiceResult): number =>
    worstFirst.indexOf(result.status) + (result.severity === 'hard' ? 0 : 0.5);
  const sorted = [...results].sort((a, b) => rank(a) - rank(b) || startOf(a) - startOf(b));
  const worst = sorted[0] ?? only;
  const alike = sorted.filter(({ result }) => kindOf(result) === kindOf(worst.result));
  const coverages = results.flatMap(({ result }) => result.coverage ?? []);
  const { witness } = worst.result;
  return {
    ...worst.result,
    reason: reasonsOf(alike),
    witness: witness === null ? null : { ...witness, what: `${worst.service}: ${witness.what}` },
    n: results.reduce((sum, { result }) => sum + result.n, 0),
    coverage: coverages.length === 0 ? null : Math.min(...coverages),
  };
}

/** A reason that all of them share is given once. */
function reasonsOf(alike: readonly ServiceResult[]): string {
  const reasons = new Set(alike.map(({ result }) => result.reason));
  const [first = ''] = reasons;
  if (reasons.size === 1 && alike.length > 1) return first;
  return alike.map(({ service, result }) => `${service}: ${result.reason}`).join('; ');
}

function kindOf({ status }: BoundResult): string {
  return status === 'PASS_SAMPLED' ? 'PASS' : status;
}

function startOf({ result }: ServiceResult): number {
  return result.witness?.fromUs ?? 0;
}
