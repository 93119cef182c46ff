import { parseCondition } from '../../scenario/conditions/parse-condition.ts';
import type { Assertion } from '../../scenario/conditions/rules.ts';
import { applyGuards, type Checked, type Judged } from '../bounds/algebra.ts';
import { result } from '../bounds/shared/result.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { boundOf, judgeAssertion, ownRule } from './judge-assertion.ts';

/** The run's own assertions, or others in their place, as rows beside the bounds. */
export function judgeOwn(
  run: RunFacts,
  service: ServiceFacts,
  checked: readonly Checked[],
  others: readonly Assertion[] | null,
): readonly Judged[] {
  if (others !== null) return others.map((one, index) => judged(run, service, checked, one, index));
  return (run.record.assertions ?? []).map(({ expr, severity, because }, index) => {
    const parsed = parseCondition(expr);
    if (parsed.ok)
      return judged(run, service, checked, { condition: parsed.value, severity, because }, index);
    return unread(expr, severity, index);
  });
}

function judged(
  run: RunFacts,
  service: ServiceFacts,
  checked: readonly Checked[],
  assertion: Assertion,
  index: number,
): Judged {
  const bound = boundOf(assertion, index);
  return { bound, result: applyGuards(bound, judgeAssertion(run, service, assertion), checked) };
}

/** One that this version can't read is not judged, and the reason says so. */
function unread(expr: string, severity: Assertion['severity'], index: number): Judged {
  const bound = ownRule(expr, severity, index);
  const reason = "it is written in a form that this version of poolproof can't read";
  return { bound, result: result({ status: 'INCONCLUSIVE', severity, unit: 'count', reason }) };
}
