import { parseCondition } from '../../scenario/conditions/parse-condition.ts';
import { metrics } from '../../scenario/conditions/metrics.ts';
import type { Assertion } from '../../scenario/conditions/rules.ts';
import { applyGuards, type Checked, type Judged } from '../bounds/algebra.ts';
import type { BoundResult } from '../bounds/shared/bound.ts';
import { judgeAside } from '../bounds/set-aside.ts';
import { result } from '../bounds/shared/result.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { Views } from '../facts/stalls/views.ts';
import { boundOf, judgeAssertion, ownRule } from './judge-assertion.ts';

/** The run's own assertions, or others in their place, as rows beside the bounds. */
export function judgeOwn(
  run: RunFacts,
  views: Views | null,
  checked: readonly Checked[],
  others: readonly Assertion[] | null,
): readonly Judged[] {
  if (others !== null) return others.map((one, index) => judged(run, views, checked, one, index));
  return (run.record.assertions ?? []).map(({ expr, severity, because }, index) => {
    const parsed = parseCondition(expr);
    if (parsed.ok) return judged(run, views, checked, { condition: parsed.value, severity, because }, index);
    return unread(expr, severity, index);
  });
}

function judged(
  run: RunFacts,
  views: Views | null,
  checked: readonly Checked[],
  assertion: Assertion,
  index: number,
): Judged {
  const bound = boundOf(assertion, index);
  const judge = (view: RunFacts): BoundResult => judgeAssertion(view, run.driven, assertion);
  const result = judgeAside(isTimed(assertion) ? { stalledBy: 'times' } : {}, judge, run, views);
  return { bound, result: applyGuards(bound, result, checked) };
}

/** Whether a longer time could break it: only then can a stall have done so. */
function isTimed({ condition: { metric, operator } }: Assertion): boolean {
  return metrics[metric].unit === 'ms' && metric.startsWith('http.') && operator.startsWith('<');
}

/** One that this version can't read is not judged, and the reason says so. */
function unread(expr: string, severity: Assertion['severity'], index: number): Judged {
  const bound = ownRule(expr, severity, index);
  const reason = "it is written in a form that this version of poolproof can't read";
  return { bound, result: result({ status: 'INCONCLUSIVE', severity, unit: 'count', reason }) };
}
