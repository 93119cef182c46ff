import { makeRandom } from '../../src/base/random.ts';
import { makeCloudRunProfile } from '../../src/platform/local/fleet/cloudrun-profile.ts';
import { Fleet } from '../../src/platform/local/fleet/fleet.ts';
import type { InstanceWatch, Place } from '../../src/platform/local/fleet/member.ts';
import type { Profile, Refusal } from '../../src/platform/local/fleet/profile.ts';
import type { StartReason } from '../../src/platform/local/fleet/scaler.ts';
import { documentedRules, type Rules } from '../../src/platform/local/rules.ts';
import { ManualClock } from './manual-clock.ts';

export interface SimulatedInstance {
  readonly id: string;
  readonly reason: StartReason;
  readonly startedUs: number;
  inFlight: number;
  state: 'starting' | 'ready' | 'stopping' | 'ended';
  /** What its fleet has told it so far, in order: `busy`, `idle`, `stop within 10000 ms: AUTOSCALING`. */
  readonly told: string[];
  stop(graceMs: number, reason: string): void;
  busy(): void;
  idle(): void;
  /** Its readiness probe answers so from now on. */
  available(yes: boolean): void;
  /** It has come to its end; nothing of it is left only when it crashes. */
  leave(): void;
  /** It ends by itself, ready or not. */
  crash(): void;
}

export interface SimulatedRequest {
  readonly arrivedUs: number;
  /** When it got its place, or its refusal. */
  settledUs: number | null;
  refused: Refusal | null;
}

export interface Simulation {
  readonly concurrency?: number;
  readonly minInstances?: number;
  readonly maxInstances?: number;
  readonly requestTimeoutMs?: number;
  readonly startupMs?: number;
  /** Whether the start of the n-th instance (from 1) fails. */
  readonly startFails?: (nth: number) => boolean;
  readonly stopMs?: number;
  readonly rules?: Partial<Rules>;
  /** Cloud Run's by default. */
  readonly profile?: Profile;
}

/** The fleet on simulated instances and a manual clock, swept and ticked as the emulator does. */
export class SimulatedFleet {
  readonly clock: ManualClock;
  readonly instances: SimulatedInstance[] = [];
  readonly requests: SimulatedRequest[] = [];
  peakInFlight = 0;
  peakAlive = 0;
  readonly fleet: Fleet<SimulatedInstance, 'ended'>;
  readonly #simulation: Simulation;

  constructor(simulation: Simulation, clock = new ManualClock()) {
    this.#simulation = simulation;
    this.clock = clock;
    const profile = simulation.profile ?? makeCloudRunProfile({ ...documentedRules, ...simulation.rules });
    this.fleet = new Fleet({
      limits: {
        concurrency: simulation.concurrency ?? 4,
        minInstances: simulation.minInstances ?? 0,
        maxInstances: simulation.maxInstances ?? 3,
      },
      requestTimeoutMs: simulation.requestTimeoutMs ?? 300_000,
      shutdownGraceMs: documentedRules.shutdownGraceMs,
      profile,
      random: makeRandom(1, 'test'),
      nowUs: () => this.clock.nowUs,
      launch: (reason, watch) => this.#launch(reason, watch),
    });
    this.#every(20, () => this.fleet.sweep());
    this.#every(profile.tickMs, () => this.fleet.tick());
  }

  /** A request that an instance works on for so long. */
  send(workMs: number): SimulatedRequest {
    const request: SimulatedRequest = { arrivedUs: this.clock.nowUs, settledUs: null, refused: null };
    this.requests.push(request);
    this.fleet.request({
      arrivedUs: this.clock.nowUs,
      handTo: (place) => this.#work(request, place, workMs),
      refuse: (reason) => {
        request.settledUs = this.clock.nowUs;
        request.refused = reason;
      },
    });
    return request;
  }

  alive(): readonly SimulatedInstance[] {
    return this.instances.filter((instance) => instance.state !== 'ended');
  }

  ready(): readonly SimulatedInstance[] {
    return this.instances.filter((instance) => instance.state === 'ready');
  }

  #work(request: SimulatedRequest, place: Place<SimulatedInstance>, workMs: number): void {
    request.settledUs = this.clock.nowUs;
    place.instance.inFlight += 1;
    this.peakInFlight = Math.max(this.peakInFlight, place.instance.inFlight);
    this.clock.after(workMs, () => {
      place.instance.inFlight -= 1;
      this.fleet.release(place);
    });
  }

  #launch(reason: StartReason, watch: InstanceWatch<'ended'>): SimulatedInstance {
    const { startupMs = 500, stopMs = 100, startFails = () => false } = this.#simulation;
    const end = (): void => {
      if (instance.state === 'ended') return;
      instance.state = 'ended';
      watch.ended('ended');
    };
    const instance: SimulatedInstance = {
      id: `i${this.instances.length + 1}`,
      reason,
      startedUs: this.clock.nowUs,
      inFlight: 0,
      state: 'starting',
      told: [],
      stop: (graceMs, reason) => {
        instance.told.push(`stop within ${graceMs} ms: ${reason}`);
        instance.state = 'stopping';
        this.clock.after(stopMs, end);
      },
      busy: () => void instance.told.push('busy'),
      idle: () => void instance.told.push('idle'),
      available: (yes) => watch.available(yes),
      leave: () => watch.leaving(),
      crash: end,
    };
    this.instances.push(instance);
    this.peakAlive = Math.max(this.peakAlive, this.alive().length);
    const fails = startFails(this.instances.length);
    this.clock.after(startupMs, () => {
      if (instance.state !== 'starting') return;
      if (fails) {
        end();
        return;
      }
      instance.state = 'ready';
      watch.ready(startupMs * 1000);
    });
    return instance;
  }

  #every(ms: number, act: () => void): void {
    this.clock.after(ms, () => {
      act();
      this.#every(ms, act);
    });
  }
}
