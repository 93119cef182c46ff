import { z } from 'zod';
import { printCondition } from './condition.ts';
import type { AbortRule, Assertion } from './rules.ts';

const because = z
  .string()
  .min(1)
  .optional()
  .describe('Why it matters; shown when it is broken.')
  .meta({ examples: ['checkout calls us with a timeout of 1s'] });

/** `assertions:` as it stands in a file. */
export const assertionsShape = z.array(
  z.union([
    z.string().min(1),
    z.strictObject({
      expr: z
        .string()
        .min(1)
        .describe('The condition: agg(metric{tag=value}) op value [in PHASE] [for DURATION].')
        .meta({ examples: ['p99(http.latency{outcome=ok}) <= 800ms in recovery'] }),
      severity: z
        .enum(['hard', 'soft'])
        .optional()
        .describe('What a broken one makes of the run. hard: FAIL. soft: DEGRADED. Default: hard.')
        .meta({ examples: ['soft'] }),
      because,
    }),
  ]),
);

/** `abort:` as it stands in a file. */
export const abortShape = z.array(
  z.union([
    z.string().min(1),
    z.strictObject({
      when: z
        .string()
        .min(1)
        .describe('The condition: agg(metric{tag=value}) op value [in PHASE] [for DURATION].')
        .meta({ examples: ['max(db.backends) >= 95% of server for 5s'] }),
      because,
    }),
  ]),
);

export type AssertionsInFile = z.output<typeof assertionsShape>;
export type AbortInFile = z.output<typeof abortShape>;

/** The inverse of `readAssertions`, in the long form. */
export function writeAssertions(assertions: readonly Assertion[]): AssertionsInFile {
  return assertions.map(({ condition, severity, because: why }) => ({
    expr: printCondition(condition),
    severity,
    ...(why === null ? {} : { because: why }),
  }));
}

/** The inverse of `readAborts`, in the long form. */
export function writeAborts(rules: readonly AbortRule[]): AbortInFile {
  return rules.map(({ condition, because: why }) => ({
    when: printCondition(condition),
    ...(why === null ? {} : { because: why }),
  }));
}
