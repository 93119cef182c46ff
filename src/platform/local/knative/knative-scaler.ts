import type { FleetObservation, Scaler, ScalingDecision, ScalingLimits } from '../fleet/scaler.ts';
import { activityAfter, type Activity } from './activity.ts';
import type { KnativeSpec } from './annotations.ts';
import {
  beginDecider,
  decideDesired,
  type DeciderObservation,
  type DeciderSpec,
  type DeciderState,
} from './decider.ts';
import { knativeDefaults } from './defaults.ts';
import { changesToward } from './instance-changes.ts';
import { LoadMeter } from './load-meter.ts';
import type { ScaleBounds } from './scale-bounds.ts';
import type { ZeroTimes } from './scale-to-zero.ts';
import { resolveTarget } from './target.ts';
import { wantedScale } from './wanted-scale.ts';
import { WindowAverage } from './window-average.ts';

/** Knative's autoscaler and the states of its revision, on the observations of one fleet. */
export class KnativeScaler implements Scaler {
  readonly #spec: KnativeSpec;
  readonly #deciderSpec: DeciderSpec;
  readonly #times: ZeroTimes;
  readonly #meter: LoadMeter;
  readonly #stable: WindowAverage;
  readonly #panic: WindowAverage;
  #decider: DeciderState;
  #activity: Activity;
  #desired: number | null = null;
  #excessBurstCapacity = -1;
  #proxiedSinceUs: number | null;
  #hasBegun = false;
  #ready: number;
  /** What the fleet was last told to have; null: nothing yet, what a deployment starts is left alone. */
  #scale: number | null = null;

  constructor(nowUs: number, spec: KnativeSpec, concurrency: number, ready: number) {
    this.#spec = spec;
    this.#deciderSpec = deciderSpecOf(spec, concurrency);
    this.#times = zeroTimesOf(spec);
    this.#stable = new WindowAverage(spec.stableWindowMs, spec.aggregation);
    this.#panic = new WindowAverage(spec.panicWindowMs, spec.aggregation);
    this.#meter = new LoadMeter(nowUs, spec.metric, spec.stableWindowMs, (atUs, load) => {
      this.#stable.record(atUs, load);
      this.#panic.record(atUs, load);
    });
    this.#decider = beginDecider(nowUs, ready);
    this.#activity = { kind: 'activating', sinceUs: nowUs };
    this.#proxiedSinceUs = nowUs;
    this.#ready = ready;
  }

  /** What waits counts like what is in flight: the activator has it. */
  load(nowUs: number, { inFlight, queued }: { readonly inFlight: number; readonly queued: number }): void {
    this.#meter.change(nowUs, inFlight + queued, {
      activator: this.#proxiedSinceUs !== null,
      instances: this.#asksInstances && this.#ready > 0,
    });
  }

  /** The poke: at a desired scale of zero, a request does not wait for the tick. */
  startsForQueue(nowUs: number, seen: FleetObservation, limits: ScalingLimits): number {
    return this.#desired === 0 && seen.queued > 0 ? this.decide(nowUs, seen, limits).start.length : 0;
  }

  decide(nowUs: number, seen: FleetObservation, limits: ScalingLimits): ScalingDecision {
    this.load(nowUs, seen);
    this.#ready = seen.ready;
    this.#desire(nowUs, seen);
    const bounds = this.#boundsOf(limits);
    // A fleet's maximum of 0 allows none, while Knative's is no bound.
    const desired = limits.maxInstances === 0 ? 0 : this.#desired;
    const { scale, applies } = wantedScale(nowUs, desired, this.#observe(seen), bounds, this.#times);
    if (applies) this.#scale = scale;
    this.#proxy(nowUs, scale);
    const minScale = seen.reachable ? bounds.minScale : 0;
    const needed = Math.max(1, minScale, this.#hasBegun ? 0 : bounds.initialScale);
    this.#hasBegun ||= seen.ready >= needed;
    this.#activity = activityAfter(nowUs, this.#activity, scale, seen.ready >= needed);
    if (this.#scale === null) return { start: [], stop: [] };
    return changesToward(this.#scale, seen, {
      minScale,
      initialScale: this.#hasBegun ? 0 : bounds.initialScale,
    });
  }

  #desire(nowUs: number, { ready, reachable }: FleetObservation): void {
    // An activator that is always there needs no instance to be asked, and its silence means nothing came.
    const hasData = !this.#asksInstances || !this.#stable.isEmpty(nowUs);
    const averages = { stable: this.#stable.average(nowUs), panic: this.#panic.average(nowUs) };
    const seen: DeciderObservation = { ready, averages: hasData ? averages : null, reachable };
    const desired = decideDesired(nowUs, seen, this.#deciderSpec, this.#decider);
    if (desired === null) return;
    this.#desired = desired.scale;
    this.#excessBurstCapacity = desired.excessBurstCapacity;
    this.#decider = desired.state;
  }

  /** Requests go straight to the instances only when there are some and their capacity exceeds the burst. */
  #proxy(nowUs: number, scale: number | null): void {
    const isDirect = scale !== null && scale > 0 && this.#excessBurstCapacity >= 0;
    this.#proxiedSinceUs = isDirect ? null : (this.#proxiedSinceUs ?? nowUs);
  }

  #observe({ reachable }: FleetObservation) {
    return {
      activity: this.#activity,
      proxiedSinceUs: this.#proxiedSinceUs,
      reachable,
      hasBegun: this.#hasBegun,
    };
  }

  /** The fleet's limits and not the annotations: they follow the service's own minimum and maximum. */
  #boundsOf({ minInstances, maxInstances }: ScalingLimits): ScaleBounds {
    return { minScale: minInstances, maxScale: maxInstances, initialScale: this.#spec.initialScale };
  }

  get #asksInstances(): boolean {
    return this.#spec.targetBurstCapacity !== -1;
  }
}

function deciderSpecOf(spec: KnativeSpec, concurrency: number): DeciderSpec {
  const { metric, target, utilization } = spec;
  return {
    ...resolveTarget({ metric, concurrency, target, utilization }),
    targetBurstCapacity: spec.targetBurstCapacity,
    panicThreshold: spec.panicThreshold,
    maxScaleUpRate: knativeDefaults.maxScaleUpRate,
    maxScaleDownRate: knativeDefaults.maxScaleDownRate,
    stableWindowUs: spec.stableWindowMs * 1000,
    scaleDownDelayUs: spec.scaleDownDelayMs * 1000,
    activationScale: spec.activationScale,
  };
}

function zeroTimesOf(spec: KnativeSpec): ZeroTimes {
  return {
    stableWindowUs: spec.stableWindowMs * 1000,
    graceUs: knativeDefaults.scaleToZeroGraceMs * 1000,
    lastInstanceRetentionUs: spec.lastInstanceRetentionMs * 1000,
    activationLimitUs: knativeDefaults.activationLimitMs * 1000,
  };
}
