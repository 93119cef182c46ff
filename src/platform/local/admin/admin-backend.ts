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
   * Brings the service to the wanted state: a changed template makes a new revision, traffic and scaling take effect
   * at once. `wanted` is valid and complete. Changes are made one after another; `generation` counts each as soon as
   * it is asked for. Resolves when the change has succeeded or failed for good: the state, or the revision made,
   * says which. `etag`s and masks are left to the API.
   */
  apply(name: string, wanted: ServiceResource): Promise<void>;
  /** Removes a revision that has no traffic and no tag, and stops its instances. */
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
  /** Counts the changes asked for. */
  readonly generation: number;
  /** The generation that `problem` and the traffic below belong to. */
  readonly observedGeneration: number;
  readonly resource: ServiceResource;
  readonly reconciling: boolean;
  /** Why the newest change failed; null when all is well. */
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
  /** The limits that revision, service and traffic share resolve to. */
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
