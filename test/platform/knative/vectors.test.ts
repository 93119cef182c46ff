import { afterAll, describe, expect, test } from 'vitest';
import { throttlerCapacity, waitingPlaces } from '../../../src/platform/local/knative/breaker.ts';
import {
  beginDecider,
  decideDesired,
  type DeciderState,
} from '../../../src/platform/local/knative/decider.ts';
import { resolveTarget } from '../../../src/platform/local/knative/target.ts';
import { wantedScale } from '../../../src/platform/local/knative/wanted-scale.ts';
import { WindowAverage } from '../../../src/platform/local/knative/window-average.ts';
import {
  vectors,
  type BreakerVector,
  type DeciderStep,
  type DeciderVector,
  type GroupName,
  type ScaleVector,
  type VectorSpec,
  type WindowVector,
} from './vectors.ts';

const counted = new Map<GroupName, number>();

/** Runs every vector of a group, and counts those that were run to their end. */
function conforms<V extends { readonly id: string }>(
  group: GroupName,
  of: readonly V[],
  run: (vector: V) => void,
) {
  describe(group, () => {
    test.each(of.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
      run(vector);
      counted.set(group, (counted.get(group) ?? 0) + 1);
    });
    afterAll(() => {
      expect(counted.get(group)).toBe(vectors.meta.counts[group]);
    });
  });
}

conforms('decider', vectors.decider, ({ spec, initial, steps }) => {
  let current = spec;
  let state = stateOf(initial);
  for (const step of steps) {
    current = { ...current, ...step.specPatch };
    state = decideStep(step, current, state);
  }
});

conforms('construction', vectors.construction, ({ readyAtConstruction, expect: expected }) => {
  const state = beginDecider(0, readyAtConstruction === 'error' ? null : readyAtConstruction);
  expect(state.panicSinceUs !== null).toBe(expected.inPanic);
  expect(state.maxPanicScale).toBe(expected.maxPanicPods);
});

conforms('targetResolution', vectors.targetResolution, ({ input, expect: expected }) => {
  const percentage = input.targetUtilizationAnnotationPct;
  const resolved = resolveTarget(
    {
      metric: input.metric,
      concurrency: input.containerConcurrency,
      target: input.targetAnnotation,
      utilization: percentage === null ? null : percentage / 100,
    },
    {
      concurrencyTarget: input.containerConcurrencyTargetDefault,
      concurrencyUtilization: input.containerConcurrencyTargetFraction,
      rpsTarget: input.rpsTargetDefault,
      rpsUtilization: input.rpsTargetUtilization,
    },
  );
  expect(resolved).toEqual(expected);
});

conforms('boundsAndScaleToZero', vectors.boundsAndScaleToZero, ({ input, expect: expected }) => {
  // Zero is always enabled here: a cluster that forbids it is not offered.
  expect(input.enableScaleToZero).toBe(true);
  const { scale, applies } = wantedOf(input);
  expect(scale).toBe(expected.scale);
  expect(applies && scale !== input.startReplicas).toBe(expected.applied);
});

conforms('windowAverage', vectors.windowAverage, (vector) => {
  const average = new WindowAverage(vector.windowMs, vector.algorithm);
  for (const op of vector.ops) replayWindow(op, average, vector);
});

conforms('breaker', vectors.breaker, replayBreaker);

conforms('throttlerCapacity', vectors.throttlerCapacity, ({ input, expect: expected }) => {
  const { containerConcurrency, readyBackends, activators } = input;
  expect(throttlerCapacity(containerConcurrency, readyBackends, activators)).toBe(expected.revisionCapacity);
});

test('every group of the file is run', () => {
  const groups = Object.keys(vectors).filter((key) => key !== 'meta');
  expect(Object.keys(vectors.meta.counts).sort()).toEqual(groups.sort());
  expect([...counted.keys()].sort()).toEqual(groups);
});

function stateOf({
  readyAtConstruction,
  panicStartedMs,
  maxPanicPods,
}: DeciderVector['initial']): DeciderState {
  const state = beginDecider(0, readyAtConstruction);
  return {
    ...state,
    panicSinceUs: panicStartedMs === null ? state.panicSinceUs : panicStartedMs * 1000,
    maxPanicScale: maxPanicPods ?? state.maxPanicScale,
  };
}

function decideStep(step: DeciderStep, given: VectorSpec, state: DeciderState): DeciderState {
  const { expect: expected } = step;
  const desired = decideDesired(
    step.tMs * 1000,
    {
      ready: step.podCountError === true ? null : step.readyPods,
      averages: step.metricsError === true ? null : { stable: step.stable, panic: step.panic },
      reachable: given.reachable,
    },
    {
      ...given,
      target: given.targetValue,
      total: given.totalValue,
      stableWindowUs: given.stableWindowMs * 1000,
      scaleDownDelayUs: given.scaleDownDelayMs * 1000,
    },
    state,
  );
  expect(desired !== null).toBe(expected.valid);
  if (desired === null) return state;
  expect(desired.scale).toBe(expected.desiredPods);
  expect(Math.abs(desired.excessBurstCapacity - (expected.excessBurstCapacity ?? NaN))).toBeLessThanOrEqual(
    1,
  );
  const { panicSinceUs } = desired.state;
  if (expected.inPanic !== undefined) expect(panicSinceUs !== null).toBe(expected.inPanic);
  if (expected.panicStartedMs !== undefined) expect(panicSinceUs).toBe(expected.panicStartedMs * 1000);
  return desired.state;
}

function wantedOf(input: ScaleVector['input']) {
  const nowUs = 3_600_000_000;
  return wantedScale(
    nowUs,
    input.desired,
    {
      activity: { kind: input.state, sinceUs: nowUs - input.stateForMs * 1000 },
      proxiedSinceUs: nowUs - input.proxyModeForMs * 1000,
      reachable: input.reachability !== 'unreachable',
      hasBegun: input.initialScaleReached,
    },
    input,
    {
      stableWindowUs: input.stableWindowMs * 1000,
      graceUs: input.gracePeriodMs * 1000,
      lastInstanceRetentionUs: input.lastPodRetentionMs * 1000,
      activationLimitUs: 630_000_000,
    },
  );
}

function replayWindow(op: WindowVector['ops'][number], average: WindowAverage, vector: WindowVector): void {
  if ('record' in op) {
    average.record(op.record[0] * 1000, op.record[1]);
    return;
  }
  const [tMs, expected] = op.average;
  const value = average.average(tMs * 1000);
  if (vector.roundDigits === undefined) expect(value).toBe(expected);
  else expect(Number(value.toFixed(vector.roundDigits))).toBe(expected);
}

/** Who runs follows from the capacity; how many may wait is the breaker's to say. */
function replayBreaker({ params, ops }: BreakerVector): void {
  let capacity = params.initialCapacity;
  let [running, waiting] = [0, 0];
  const outcome = (): string => {
    if (waiting >= waitingPlaces(params, running)) return 'rejected';
    return running < capacity ? 'running' : 'queued';
  };
  for (const op of ops) {
    const [verb, detail] = op.split(':');
    const came = outcome();
    if (verb === 'enter') {
      expect(came).toBe(detail?.replace('-503', ''));
      if (came === 'running') running += 1;
      if (came === 'queued') waiting += 1;
    } else if (verb === 'reserve') {
      expect(came === 'running' ? 'ok' : 'refused').toBe(detail);
      if (came === 'running') running += 1;
    } else if (verb === 'setCapacity') capacity = Number(detail);
    else {
      expect(running).toBeGreaterThan(0);
      running -= 1;
    }
    const woken = Math.min(waiting, Math.max(0, capacity - running));
    running += woken;
    waiting -= woken;
  }
}
