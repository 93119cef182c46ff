import type { RevisionSpec } from '../../../contract/cloud-run/revision-spec.ts';
import type { RevisionTemplate, ServiceResource } from '../../../contract/cloud-run/service-resource.ts';
import type { Knob } from '../../../plan/knob.ts';

/** What the Admin API shows and changes. The API itself holds no state but its operations. */
export interface AdminBackend {
  readonly project: string;
  readonly location: string;
  services(): readonly ServiceState[];
  service(name: string): ServiceState | null;
  /**
   * Makes the service what is wanted: a changed template is a new revision, traffic and scaling take effect
   * at once. `wanted` is valid and complete. Changes are made one after another; `generation` counts each from
   * its call on. Resolves when it has come true or has failed for good: the state, or the revision that it made,
   * then says which. `etag`s and masks are the API's business.
   */
  apply(name: string, wanted: ServiceResource): Promise<void>;
  /** Takes a revision away that has no traffic and no tag, and stops its instances. */
  deleteRevision(service: string, revision: string): Promise<void>;
  /** Turns a knob; yields what was done, in words. */
  turn(service: string, knob: Knob): Promise<string>;
}

/** A service as it is now. Times are wall milliseconds. */
export interface ServiceState {
  readonly name: string;
  readonly uid: string;
  readonly url: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Counts the changes of what is wanted. */
  readonly generation: number;
  /** The generation that `problem` and the traffic below speak of. */
  readonly observedGeneration: number;
  readonly resource: ServiceResource;
  readonly reconciling: boolean;
  /** Why the newest change did not come true; null when all is well. */
  readonly problem: FailedCondition | null;
  readonly latestCreated: string;
  readonly latestReady: string | null;
  readonly traffic: readonly TrafficState[];
  /** The newest first. */
  readonly revisions: readonly RevisionState[];
  /** Where each instance reaches its database. */
  readonly links: readonly LinkState[];
}

/** In the API's words, such as `HEALTH_CHECK_CONTAINER_ERROR`. */
export interface FailedCondition {
  readonly reason: string;
  readonly message: string;
}

/** One line of the traffic as it is routed now. */
export interface TrafficState {
  readonly latest: boolean;
  readonly revision: string;
  readonly percent: number;
  readonly tag: string | null;
  /** Where the tag alone listens. */
  readonly tagUrl: string | null;
}

export interface LinkState {
  readonly instance: string;
  readonly host: string;
  readonly port: number;
}

export interface RevisionState {
  readonly name: string;
  readonly uid: string;
  readonly service: string;
  /** The service's, of the change that made it. */
  readonly generation: number;
  readonly createdAtMs: number;
  readonly template: RevisionTemplate;
  readonly spec: RevisionSpec;
  readonly state: 'deploying' | 'ready' | 'failed' | 'retired';
  readonly problem: FailedCondition | null;
  /** What scaling has resolved to: revision, service and traffic share together. */
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly instances: {
    readonly starting: number;
    readonly ready: number;
    readonly stopping: number;
  };
  readonly inFlight: number;
  readonly queued: number;
}
