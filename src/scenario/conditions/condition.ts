import type { Aggregate, MetricName } from './metrics.ts';

export const operators = ['<=', '<', '>=', '>', '==', '!='] as const;

export type Operator = (typeof operators)[number];

/** What a share of sessions is a share of. */
export const wholes = ['server', 'usable', 'claim'] as const;

export type Whole = (typeof wholes)[number];

/** What a value is compared with: an amount, or a share of what the budget knows. */
export type Threshold =
  | { readonly kind: 'amount'; readonly amount: number; readonly unit: 'ms' | '/s' | '%' | '' }
  | { readonly kind: 'share'; readonly percent: number; readonly of: Whole };

/** Tags with the values that count, in the order of the text. */
export type Tags = Readonly<Record<string, readonly string[]>>;

/** `agg(metric{tag=v|w}) op value [in PHASE] [for DURATION]`. */
export interface Condition {
  readonly aggregate: Aggregate;
  readonly metric: MetricName;
  readonly tags: Tags;
  readonly operator: Operator;
  readonly threshold: Threshold;
  /** Null: the whole run. */
  readonly phase: string | null;
  /** How long it must hold, second by second; null if one look at the whole decides. */
  readonly forMs: number | null;
}

/** The condition in its shortest form, as `parseCondition` reads it. */
export function printCondition(condition: Condition): string {
  const { aggregate, metric, tags, operator, threshold, phase, forMs } = condition;
  const listed = Object.entries(tags).map(([tag, values]) => `${tag}=${values.map(printWord).join('|')}`);
  const selector = listed.length === 0 ? '' : `{${listed.join(',')}}`;
  const where = phase === null ? '' : ` in ${printWord(phase)}`;
  const lasting = forMs === null ? '' : ` for ${printDuration(forMs)}`;
  return `${aggregate}(${metric}${selector}) ${operator} ${printThreshold(threshold)}${where}${lasting}`;
}

function printDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

function printThreshold(threshold: Threshold): string {
  return threshold.kind === 'share'
    ? `${threshold.percent}% of ${threshold.of}`
    : `${threshold.amount}${threshold.unit}`;
}

/** Words need quotes only if they hold more than letters, digits and a few marks. */
function printWord(word: string): string {
  return /^[\w.:/-]+$/.test(word) ? word : `'${word}'`;
}

/** Whether a value satisfies the comparison. */
export function holds(value: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
    case '>=':
      return value >= limit;
    case '>':
      return value > limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}
