import { readFileSync } from 'node:fs';
import type { Metric } from '../../../src/platform/local/knative/target.ts';
import type { Aggregation } from '../../../src/platform/local/knative/window-average.ts';

/** What Knative's own tests say, as numbers. Times in milliseconds, instances are called pods there. */
interface VectorFile {
  readonly meta: { readonly counts: Readonly<Record<GroupName, number>> };
  readonly decider: readonly DeciderVector[];
  readonly construction: readonly ConstructionVector[];
  readonly targetResolution: readonly TargetVector[];
  readonly boundsAndScaleToZero: readonly ScaleVector[];
  readonly windowAverage: readonly WindowVector[];
  readonly breaker: readonly BreakerVector[];
  readonly throttlerCapacity: readonly ThrottlerVector[];
}

export type GroupName = Exclude<keyof VectorFile, 'meta'>;

export interface VectorSpec {
  readonly targetValue: number;
  readonly totalValue: number;
  readonly targetBurstCapacity: number;
  readonly panicThreshold: number;
  readonly maxScaleUpRate: number;
  readonly maxScaleDownRate: number;
  readonly stableWindowMs: number;
  readonly scaleDownDelayMs: number;
  readonly activationScale: number;
  readonly reachable: boolean;
}

export interface DeciderVector {
  readonly id: string;
  readonly spec: VectorSpec;
  readonly initial: {
    readonly readyAtConstruction: number;
    readonly panicStartedMs: number | null;
    readonly maxPanicPods: number | null;
  };
  readonly steps: readonly DeciderStep[];
}

export interface DeciderStep {
  readonly tMs: number;
  readonly readyPods: number;
  readonly stable: number;
  readonly panic: number;
  readonly metricsError?: boolean;
  readonly podCountError?: boolean;
  readonly specPatch?: Partial<VectorSpec>;
  readonly expect: {
    readonly valid: boolean;
    readonly desiredPods?: number;
    readonly excessBurstCapacity?: number;
    readonly inPanic?: boolean;
    readonly panicStartedMs?: number;
  };
}

export interface ConstructionVector {
  readonly id: string;
  readonly readyAtConstruction: number | 'error';
  readonly expect: { readonly inPanic: boolean; readonly maxPanicPods: number };
}

export interface TargetVector {
  readonly id: string;
  readonly input: {
    readonly metric: Metric;
    readonly containerConcurrency: number;
    readonly targetAnnotation: number | null;
    readonly targetUtilizationAnnotationPct: number | null;
    readonly containerConcurrencyTargetFraction: number;
    readonly containerConcurrencyTargetDefault: number;
    readonly rpsTargetDefault: number;
    readonly rpsTargetUtilization: number;
  };
  readonly expect: { readonly target: number; readonly total: number };
}

export interface ScaleVector {
  readonly id: string;
  readonly input: {
    readonly startReplicas: number;
    readonly desired: number;
    readonly minScale: number;
    readonly maxScale: number;
    readonly reachability: 'reachable' | 'unreachable' | 'unknown';
    readonly state: 'active' | 'inactive' | 'activating';
    readonly stateForMs: number;
    readonly stableWindowMs: number;
    readonly gracePeriodMs: number;
    readonly lastPodRetentionMs: number;
    readonly proxyModeForMs: number;
    readonly initialScale: number;
    readonly initialScaleReached: boolean;
    readonly enableScaleToZero: boolean;
  };
  readonly expect: { readonly scale: number; readonly applied: boolean };
}

export interface WindowVector {
  readonly id: string;
  readonly windowMs: number;
  readonly granularityMs: number;
  readonly algorithm: Aggregation;
  readonly roundDigits?: number;
  readonly ops: readonly (
    | { readonly record: readonly [number, number] }
    | { readonly average: readonly [number, number] }
  )[];
}

export interface BreakerVector {
  readonly id: string;
  readonly params: {
    readonly queueDepth: number;
    readonly maxConcurrency: number;
    readonly initialCapacity: number;
  };
  readonly ops: readonly string[];
}

export interface ThrottlerVector {
  readonly id: string;
  readonly input: {
    readonly containerConcurrency: number;
    readonly readyBackends: number;
    readonly activators: number;
  };
  readonly expect: { readonly revisionCapacity: number };
}

const path = new URL('../../vectors/knative-autoscaler.json', import.meta.url);

export const vectors = JSON.parse(readFileSync(path, 'utf8')) as VectorFile;
