import { formatMs, trim } from '../../base/units.ts';
import { aggregate } from '../../evidence/conditions/aggregate.ts';
import { limitOf } from '../../evidence/conditions/limit.ts';
import type { Observation } from '../../evidence/conditions/observe.ts';
import { holds, printCondition, type Condition } from '../../scenario/conditions/condition.ts';
import { amountUnit, metrics } from '../../scenario/conditions/metrics.ts';
import type { Assertion } from '../../scenario/conditions/rules.ts';
import type { JudgedRule } from '../bounds/algebra.ts';
import type { BoundResult } from '../bounds/shared/bound.ts';
import { result } from '../bounds/shared/result.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { isSampled, observationsOf } from './observations.ts';

/** An assertion as a row beside the bounds: its id, and its text as its name. */
export type OwnBound = JudgedRule;

export function ownRule(
  name: string,
  severity: Assertion['severity'],
  index: number,
  needs: JudgedRule['needs'] = [],
): OwnBound {
  return {
    id: `A${String(index + 1).padStart(2, '0')}` as `A${number}`,
    name,
    required: severity === 'hard',
    needs,
    answer: null,
    // Its text says what it is about: how requests fared depends on the platform.
    provenance: /\((?:http|run)\./.test(name) ? 'emulated' : 'observed',
    headline: null,
  };
}

/** A01, A02, ... in the order of the file. An assertion needs what its metric is made of. */
export function boundOf({ condition, severity }: Assertion, index: number): OwnBound {
  const { kind } = metrics[condition.metric];
  const ofLoad: JudgedRule['needs'] = condition.metric.startsWith('http.') ? ['V01', 'V02', 'V16'] : [];
  return ownRule(printCondition(condition), severity, index, kind === 'sampled' ? ['V03'] : ofLoad);
}

/** The time that a condition is about. */
interface Scope {
  readonly fromUs: number;
  readonly toUs: number;
  /** What was not observed to its end, in words; null where all of it was. */
  readonly missing: string | null;
}

/**
 * Judges one assertion. Without `for` one value over all of the time decides; with it, the longest time for which the
 * condition was broken in every second.
 */
export function judgeAssertion(run: RunFacts, service: ServiceFacts, assertion: Assertion): BoundResult {
  const { condition, severity, because } = assertion;
  const { record } = run;
  const limit = limitOf(condition.threshold, record.limits, record.contract.services);
  const base = { severity, unit: unitOf(condition), limit: ofScale(condition, limit) } as const;
  const open = (reason: string): BoundResult => result({ ...base, status: 'INCONCLUSIVE', reason });
  const scope = scopeOf(run, condition);
  if (scope === null) return open(`the run never came to ${condition.phase ?? 'its load'}`);
  const all = observationsOf(run, service, condition);
  if (all === null) return open(`nobody observed ${condition.metric}`);
  const seen = all.filter(({ tUs }) => tUs >= scope.fromUs && tUs < scope.toUs);
  const judged =
    condition.forMs === null
      ? atOnce(condition, seen, scope, limit)
      : overTime(condition, seen, scope, limit);
  if (judged === null) return open(`there is nothing to make ${condition.aggregate} of`);
  const said = because === null ? '' : ` (${because})`;
  const measured = { ...base, value: ofScale(condition, judged.value), n: seen.length };
  const reason = `${judged.words}${said}`;
  if (judged.broken !== null) {
    const [fromUs, toUs] = judged.broken;
    return result({ ...measured, status: 'FAIL', reason, witness: { fromUs, toUs, what: judged.words } });
  }
  if (scope.missing !== null)
    return result({ ...measured, status: 'INCONCLUSIVE', reason: `${scope.missing}; ${reason}` });
  return result({ ...measured, status: isSampled(condition) ? 'PASS_SAMPLED' : 'PASS', reason });
}

interface Judgement {
  readonly value: number;
  /** From when to when it was broken; null where it held. */
  readonly broken: readonly [number, number] | null;
  readonly words: string;
}

function scopeOf({ phases, load, endUs }: RunFacts, { phase: name }: Condition): Scope | null {
  const phase = phases.find((one) => one.name === name);
  const [fromUs, toUs] = name === null ? [load?.fromUs, phases.at(-1)?.toUs] : [phase?.fromUs, phase?.toUs];
  if (fromUs === undefined || toUs === undefined || fromUs >= endUs) return null;
  const missing = endUs < toUs ? `the run ended before ${name ?? 'its last phase'} was over` : null;
  return { fromUs, toUs: Math.min(toUs, endUs), missing };
}

function atOnce(
  condition: Condition,
  seen: readonly Observation[],
  { fromUs, toUs }: Scope,
  limit: number,
): Judgement | null {
  const value = aggregate(condition, seen, toUs - fromUs);
  if (value === null) return null;
  const words = `${showValue(condition, value)} over ${seen.length} observations`;
  if (holds(value, condition.operator, limit)) return { value, broken: null, words };
  const first = firstBeyond(condition, seen, limit);
  return { value, broken: first === null ? [fromUs, toUs] : [first, first], words };
}

/** Where one observation alone breaks it, or takes a count over its limit: the first that does. */
function firstBeyond(
  { aggregate: how, operator, metric }: Condition,
  seen: readonly Observation[],
  limit: number,
): number | null {
  const hits = seen.filter(({ isHit }) => isHit);
  if (how === 'count' && ['<=', '<', '=='].includes(operator))
    return hits[operator === '<' ? Math.ceil(limit) - 1 : Math.floor(limit)]?.tUs ?? null;
  if (metrics[metric].kind === 'events' || !['min', 'max'].includes(how)) return null;
  return hits.find(({ value }) => !holds(value, operator, limit))?.tUs ?? null;
}

const secondUs = 1_000_000;

function overTime(
  condition: Condition,
  seen: readonly Observation[],
  scope: Scope,
  limit: number,
): Judgement | null {
  const seconds = Math.floor((scope.toUs - scope.fromUs) / secondUs);
  const windows = Array.from({ length: seconds }, (): Observation[] => []);
  for (const one of seen) windows[Math.floor((one.tUs - scope.fromUs) / secondUs)]?.push(one);
  const values = windows.map((own) => aggregate(condition, own, secondUs));
  const known = values.flatMap((value) => value ?? []);
  if (known.length === 0) return null;
  const isOver = (value: number | null): boolean =>
    value !== null && !holds(value, condition.operator, limit);
  const longest = longestRun(values.map(isOver));
  const isBroken = longest.length * 1000 >= (condition.forMs ?? 0) && longest.length > 0;
  const own = isBroken ? values.slice(longest.from, longest.from + longest.length) : known;
  const value = worst(
    condition,
    own.flatMap((one) => one ?? []),
  );
  const fromUs = scope.fromUs + longest.from * secondUs;
  const words = `${longest.length === 0 ? 'never' : `for ${formatMs(1000 * longest.length)}`} beyond it at a stretch; at worst ${showValue(condition, value)} in a second`;
  return { value, broken: isBroken ? [fromUs, fromUs + longest.length * secondUs] : null, words };
}

function longestRun(flags: readonly boolean[]): { readonly from: number; readonly length: number } {
  let best = { from: 0, length: 0 };
  let from = 0;
  flags.forEach((flag, index) => {
    if (!flag) from = index + 1;
    else if (index - from + 1 > best.length) best = { from, length: index - from + 1 };
  });
  return best;
}

/** The one furthest on the wrong side. */
function worst({ operator }: Condition, values: readonly number[]): number {
  const isLower = operator === '>=' || operator === '>';
  return values.reduce((a, b) => (isLower ? Math.min(a, b) : Math.max(a, b)), values[0] ?? 0);
}

function unitOf({ aggregate: how, metric }: Condition): BoundResult['unit'] {
  const unit = amountUnit(how, metrics[metric]);
  if (unit === 'ms') return 'ms';
  if (unit === '%') return 'ratio';
  return unit === '/s' || how === 'count' ? 'count' : metrics[metric].unit;
}

/** Shares are 0..1 in results, and percent in conditions. */
function ofScale({ aggregate: how }: Condition, value: number): number {
  return how === 'ratio' ? value / 100 : value;
}

function showValue({ aggregate: how, metric }: Condition, value: number): string {
  const unit = amountUnit(how, metrics[metric]);
  if (unit === 'ms') return formatMs(value);
  if (unit === '%') return `${trim(value, 2)} %`;
  return `${trim(value, 2)}${unit}`;
}
