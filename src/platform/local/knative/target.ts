import { knativeDefaults } from './defaults.ts';

export type Metric = 'concurrency' | 'rps';

/** What one instance should carry (`target`) and what it can carry (`total`), in the metric's unit. */
export interface Target {
  readonly target: number;
  readonly total: number;
}

export interface TargetInput {
  readonly metric: Metric;
  /** Requests that one instance accepts at once; 0: no limit. */
  readonly concurrency: number;
  /** By annotation; null: the default. */
  readonly target: number | null;
  /** By annotation, as a ratio; null: the default. */
  readonly utilization: number | null;
}

/** What a cluster says where no annotation does. */
export type TargetDefaults = Readonly<
  Record<'concurrencyTarget' | 'concurrencyUtilization' | 'rpsTarget' | 'rpsUtilization', number>
>;

/** Less would ask for no end of instances. */
const leastTarget = 0.01;

/**
 * target = max(0.01, total x utilization). A concurrency target beyond what an instance accepts at once could
 * never be reached: it is cut to that.
 */
export function resolveTarget(input: TargetInput, defaults: TargetDefaults = knativeDefaults): Target {
  const total = totalOf(input, defaults);
  const shipped = input.metric === 'rps' ? defaults.rpsUtilization : defaults.concurrencyUtilization;
  return { target: Math.max(leastTarget, total * (input.utilization ?? shipped)), total };
}

function totalOf({ metric, concurrency, target }: TargetInput, defaults: TargetDefaults): number {
  if (metric === 'rps') return target ?? defaults.rpsTarget;
  if (concurrency === 0) return target ?? defaults.concurrencyTarget;
  return Math.min(target ?? concurrency, concurrency);
}
