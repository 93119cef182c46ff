import type { Guard, GuardResult } from '../guards/guard.ts';
import type { GuardId } from '../guards/guards.ts';
import type { BoundId } from './bounds.ts';
import type { Answer, Bound, BoundResult } from './shared/bound.ts';

/** A bound of the contract, or a rule of the scenario's own: A01, A02, ... */
export type JudgedId = BoundId | `A${number}`;

/** What is asked of a bound once it has been judged; a rule of the scenario's own answers the same. */
export type JudgedRule = Pick<
  Bound<JudgedId>,
  'id' | 'name' | 'required' | 'restsOn' | 'needs' | 'answer' | 'provenance' | 'headline'
>;

/** What the bounds and the run's own rules said, guards applied. */
export type Results = ReadonlyMap<JudgedId, BoundResult>;

/** A bound with what it said of the run, guards applied. */
export interface Judged {
  readonly bound: JudgedRule;
  readonly result: BoundResult;
}

/** A guard by its id, with what it said of the run. */
export interface Checked {
  readonly id: GuardId;
  readonly name: string;
  readonly provenance: Guard['provenance'];
  readonly result: GuardResult;
}

export type ThreeValued = 'yes' | 'no' | 'inconclusive';

/**
 * What is left of a result under broken guards. A FAIL has its witness and stands, unless a guard says that the
 * harness may have shifted the measurement by as much as it is over the limit. What does not apply needs no guard.
 * Everything else becomes INCONCLUSIVE, with the guard named.
 */
export function applyGuards(
  bound: Pick<Bound, 'needs'>,
  result: BoundResult,
  checked: readonly Checked[],
): BoundResult {
  if (result.status === 'NOT_APPLICABLE') return result;
  const broken = checked.filter((guard) => !guard.result.ok && bound.needs.includes(guard.id));
  const blamed = broken.filter((guard) => result.status !== 'FAIL' || isOurs(result, guard.result));
  const [first] = blamed;
  if (first === undefined) return result;
  const why = blamed.map((guard) => `${guard.id} ${guard.name}: ${guard.result.reason}`).join('; ');
  const seen = result.status === 'INCONCLUSIVE' ? ` (and ${result.reason})` : '';
  return { ...result, status: 'INCONCLUSIVE', witness: null, reason: `${why}${seen}` };
}

/** Whether the harness may have caused a FAIL: it is over its limit by less than the harness was off. */
function isOurs({ unit, value, limit }: BoundResult, { disturbanceMs }: GuardResult): boolean {
  if (disturbanceMs === null || unit !== 'ms' || value === null || limit === null) return false;
  return value - limit <= disturbanceMs;
}

/**
 * The overall word: any hard FAIL makes FAIL; else any INCONCLUSIVE of a required bound makes INCONCLUSIVE; else any
 * soft FAIL makes DEGRADED; else PASS. Where nothing applied at all, nothing was shown.
 */
export function overall(judged: readonly Judged[]): 'PASS' | 'DEGRADED' | 'FAIL' | 'INCONCLUSIVE' {
  const fails = judged.filter(({ result }) => result.status === 'FAIL');
  if (fails.some(({ result }) => result.severity === 'hard')) return 'FAIL';
  if (judged.some(({ bound, result }) => bound.required && result.status === 'INCONCLUSIVE'))
    return 'INCONCLUSIVE';
  if (fails.length > 0) return 'DEGRADED';
  return judged.some(({ result }) => isPass(result)) ? 'PASS' : 'INCONCLUSIVE';
}

/** One of the two answers: the three-valued "and" over its bounds. */
export function answerOf(answer: Answer, judged: readonly Judged[]): ThreeValued {
  const truths = judged
    .filter(({ bound, result }) => bound.answer === answer && result.status !== 'NOT_APPLICABLE')
    .map(({ result }) => truthOf(result));
  return truths.length === 0 ? 'inconclusive' : allOf(truths);
}

/** Kleene's "and": one no decides, one unknown spoils a yes. */
export function allOf(truths: readonly ThreeValued[]): ThreeValued {
  if (truths.includes('no')) return 'no';
  return truths.includes('inconclusive') ? 'inconclusive' : 'yes';
}

/** A soft FAIL degrades; the promise itself was kept. */
function truthOf(result: BoundResult): ThreeValued {
  if (result.status === 'FAIL') return result.severity === 'hard' ? 'no' : 'yes';
  return isPass(result) ? 'yes' : 'inconclusive';
}

/** PASS_SAMPLED counts as PASS. */
export function isPass({ status }: BoundResult): boolean {
  return status === 'PASS' || status === 'PASS_SAMPLED';
}
