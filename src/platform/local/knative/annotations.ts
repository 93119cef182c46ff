import type { Problem } from '../../../base/errors.ts';
import { nearest } from '../../../base/nearest.ts';
import { durationIn, numberIn, numberOr, oneOf, wholeFrom, type Read } from './annotation-value.ts';
import { knativeDefaults as shipped } from './defaults.ts';
import type { Metric } from './target.ts';
import type { Aggregation } from './window-average.ts';

/** How a revision scales, as its annotations say, the shipped defaults filled in. Percentages are ratios here. */
export interface KnativeSpec {
  readonly metric: Metric;
  readonly aggregation: Aggregation;
  /** Null: by the metric's default. */
  readonly target: number | null;
  readonly utilization: number | null;
  readonly stableWindowMs: number;
  readonly panicWindowMs: number;
  readonly panicThreshold: number;
  /** 0: none, -1: without limit. */
  readonly targetBurstCapacity: number;
  readonly scaleDownDelayMs: number;
  readonly lastInstanceRetentionMs: number;
  readonly initialScale: number;
  /** 0: none. */
  readonly activationScale: number;
}

export interface KnativeReading {
  readonly spec: KnativeSpec;
  /** What is not understood; the default stands in for it. */
  readonly problems: readonly Problem[];
}

const namespace = 'autoscaling.knative.dev/';
const maxWindowMs = 3_600_000;

/** The spellings of an annotation that Knative knows, the one that wins first. */
const spellings = {
  class: ['class'],
  metric: ['metric'],
  algorithm: ['metric-aggregation-algorithm', 'metricAggregationAlgorithm'],
  target: ['target'],
  utilization: ['target-utilization-percentage', 'targetUtilizationPercentage'],
  window: ['window'],
  panicWindow: ['panic-window-percentage', 'panicWindowPercentage'],
  panicThreshold: ['panic-threshold-percentage', 'panicThresholdPercentage'],
  burst: ['target-burst-capacity', 'targetBurstCapacity'],
  scaleDownDelay: ['scale-down-delay', 'scaleDownDelay'],
  retention: ['scale-to-zero-pod-retention-period', 'scaleToZeroPodRetentionPeriod'],
  initialScale: ['initial-scale', 'initialScale'],
  activationScale: ['activation-scale'],
  minScale: ['min-scale', 'minScale'],
  maxScale: ['max-scale', 'maxScale'],
} as const;

const known: readonly string[] = Object.values(spellings).flat();

/** Reads the `autoscaling.knative.dev/*` annotations of a revision's template. Others are not looked at. */
export function readKnativeSpec(annotations: Readonly<Record<string, string>>): KnativeReading {
  const problems: Problem[] = unknownOnes(annotations);
  const take = <T>(name: keyof typeof spellings, read: Read<T>, otherwise: T): T =>
    takeOne(annotations, spellings[name], read, otherwise, problems);

  take('class', oneOf({ 'kpa.autoscaling.knative.dev': 'kpa' }), 'kpa');
  const panicPercentage = take('panicWindow', numberIn(1, 100), shipped.panicWindowPercentage);
  const stableWindowMs = take('window', durationIn(6_000, maxWindowMs, 'seconds'), shipped.stableWindowMs);
  const utilization = take<number | null>('utilization', numberIn(1, 100), null);
  const threshold = take('panicThreshold', numberIn(110, 1_000), shipped.panicThreshold * 100);
  const spec: KnativeSpec = {
    metric: take<Metric>('metric', oneOf({ concurrency: 'concurrency', rps: 'rps' }), 'concurrency'),
    aggregation: take<Aggregation>('algorithm', oneOf(aggregations), 'linear'),
    target: take<number | null>('target', numberIn(0.01, Infinity), null),
    utilization: utilization === null ? null : utilization / 100,
    stableWindowMs,
    panicWindowMs: panicWindowOf(stableWindowMs, panicPercentage),
    panicThreshold: threshold / 100,
    targetBurstCapacity: take('burst', burst, shipped.targetBurstCapacity),
    scaleDownDelayMs: take('scaleDownDelay', durationIn(0, maxWindowMs, 'seconds'), shipped.scaleDownDelayMs),
    lastInstanceRetentionMs: take(
      'retention',
      durationIn(0, maxWindowMs, 'any'),
      shipped.lastInstanceRetentionMs,
    ),
    // Zero is refused, as a cluster does unless its operator allows it.
    initialScale: take('initialScale', wholeFrom(1), shipped.initialScale),
    activationScale: take('activationScale', wholeFrom(2), 0),
  };
  problems.push(
    ...contradictions(
      take('minScale', wholeFrom(0), 0),
      take('maxScale', wholeFrom(0), 0),
      spec.activationScale,
    ),
  );
  return { spec, problems };
}

const aggregations = {
  linear: 'linear',
  'weighted-exponential': 'weighted-exponential',
  weightedExponential: 'weighted-exponential',
} as const;

const burst = numberOr(-1, numberIn(0, Infinity));

/** Whole seconds, at least one: a bucket. */
function panicWindowOf(stableWindowMs: number, percentage: number): number {
  return Math.max(shipped.bucketMs, Math.round((stableWindowMs * percentage) / 100_000) * 1000);
}

function takeOne<T>(
  annotations: Readonly<Record<string, string>>,
  names: readonly string[],
  read: Read<T>,
  otherwise: T,
  problems: Problem[],
): T {
  const key = names.map((name) => namespace + name).find((name) => Object.hasOwn(annotations, name));
  if (key === undefined) return otherwise;
  const text = annotations[key] ?? '';
  const reading = read(text);
  if (reading.ok) return reading.value;
  problems.push({ message: `${key}: expected ${reading.wanted}, got "${text}"` });
  return otherwise;
}

function unknownOnes(annotations: Readonly<Record<string, string>>): Problem[] {
  return Object.keys(annotations)
    .filter((key) => key.startsWith(namespace))
    .map((key) => key.slice(namespace.length))
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearest(name, known);
      const problem = { message: `${namespace}${name} is not known; it has no effect here` };
      return near === undefined ? problem : { ...problem, hint: `did you mean "${namespace}${near}"?` };
    });
}

/** Minimum <= activation scale <= maximum. The bounds themselves come to the scaler as the fleet's limits. */
function contradictions(minScale: number, maxScale: number, activationScale: number): Problem[] {
  const hasMax = maxScale > 0;
  const least = activationScale > 0 ? activationScale : Infinity;
  return [
    ...(hasMax && maxScale < minScale ? [contradiction('max-scale', maxScale, 'min-scale', minScale)] : []),
    ...(least < minScale ? [contradiction('activation-scale', activationScale, 'min-scale', minScale)] : []),
    ...(hasMax && activationScale > maxScale
      ? [contradiction('max-scale', maxScale, 'activation-scale', activationScale)]
      : []),
  ];
}

function contradiction(small: string, less: number, large: string, more: number): Problem {
  return { message: `${namespace}${small} (${less}) is less than ${large} (${more})` };
}
