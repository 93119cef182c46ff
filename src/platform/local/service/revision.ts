import type { Random } from '../../../base/random.ts';
import { revisionSpecOf, type RevisionSpec } from '../../../contract/cloud-run/revision-spec.ts';
import type { RevisionState, FailedCondition } from '../admin/admin-backend.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Place } from '../fleet/member.ts';
import type { ScalingLimits } from '../fleet/scaler.ts';
import type { InstanceEnd } from '../instance/instance-end.ts';
import type { RunningInstance } from '../instance/running-instance.ts';
import type { Destination, Exchange } from '../request/exchange.ts';
import type { ResolvedScaling } from './scaling-shares.ts';

export type ServiceFleet = Fleet<RunningInstance, InstanceEnd>;

/** What never changes about a revision. */
export type RevisionIdentity = Pick<
  RevisionState,
  'name' | 'uid' | 'service' | 'generation' | 'createdAtMs' | 'template'
>;

/** An immutable revision and its instances. */
export class Revision implements Destination {
  readonly identity: RevisionIdentity;
  readonly spec: RevisionSpec;
  readonly timeoutUs: number;
  readonly fleet: ServiceFleet;
  state: RevisionState['state'] = 'deploying';
  problem: FailedCondition | null = null;
  #scaling: ResolvedScaling;

  constructor(
    identity: RevisionIdentity,
    scaling: ResolvedScaling,
    makeFleet: (spec: RevisionSpec, limits: ScalingLimits) => ServiceFleet,
  ) {
    this.identity = identity;
    this.spec = revisionSpecOf(identity.template);
    this.timeoutUs = this.spec.timeoutMs * 1000;
    this.#scaling = scaling;
    this.fleet = makeFleet(this.spec, { ...scaling, concurrency: this.spec.concurrency });
  }

  get revision(): string {
    return this.identity.name;
  }

  submit(exchange: Exchange): void {
    this.fleet.request(exchange);
  }

  release(place: Place<RunningInstance>): void {
    this.fleet.release(place);
  }

  scale(scaling: ResolvedScaling, reachable: boolean): void {
    this.#scaling = scaling;
    this.fleet.limit(scaling, reachable);
  }

  view(): RevisionState {
    return {
      ...this.identity,
      ...this.#scaling,
      ...this.fleet.load,
      spec: this.spec,
      state: this.state,
      problem: this.problem,
      instances: this.fleet.size,
    };
  }
}

/** `SERVICE-00042-abc`, as Cloud Run names a revision that nobody named. */
export function revisionName(service: string, generation: number, random: Random): string {
  const letters = Array.from({ length: 3 }, () => String.fromCharCode(97 + Math.floor(random() * 26)));
  return `${service}-${String(generation).padStart(5, '0')}-${letters.join('')}`;
}
