import { printCondition } from './condition.ts';
import type { AbortRule, Assertion } from './rules.ts';

/** Assertions as they stand in a file, in their long form. */
export function effectiveAssertions(assertions: readonly Assertion[]): readonly object[] {
  return assertions.map(({ condition, severity, because }) => ({
    expr: printCondition(condition),
    severity,
    ...(because === null ? {} : { because }),
  }));
}

/** What ends a run, as it stands in a file. */
export function effectiveAborts(rules: readonly AbortRule[]): readonly object[] {
  return rules.map(({ condition, because }) => ({
    when: printCondition(condition),
    ...(because === null ? {} : { because }),
  }));
}
