/** An endpoint of the Cloud Run Admin API v2: Google's own, or a compatible one. */
export interface AdminPlace {
  readonly project: string;
  readonly location: string;
  /** Such as `http://127.0.0.1:40124`; absent: Google's endpoint, with application default credentials. */
  readonly url?: string;
  /** For `url`: sent as a bearer token. */
  readonly token?: string;
}

/**
 * Changes services through the Admin API. Every change waits until the service has settled; what the API
 * refuses and what fails there is an `EnvironmentError` with the service's own message.
 */
export interface CloudRunAdmin {
  service(name: string): Promise<ServiceView>;
  /** The newest first. */
  revisions(service: string): Promise<readonly RevisionView[]>;
  /** A new revision from the newest template, and all traffic to the latest. */
  deploy(service: string, change: DeployChange): Promise<{ readonly revision: string }>;
  /** Sets all lines of the traffic; percentages sum to 100. */
  traffic(service: string, lines: readonly TrafficLine[]): Promise<void>;
  /** The service's own limits; those not given stay, 0 unsets one. Makes no new revision. */
  scale(service: string, limits: ScaleChange): Promise<void>;
  /** What `restore` needs, as it is now: plain JSON. */
  snapshot(service: string): Promise<ServiceSnapshot>;
  /**
   * Makes the parts named what they were, and looks whether they are. A revision that was made meanwhile stays
   * in the list; when the template is put back, a further one is made from it.
   */
  restore(snapshot: ServiceSnapshot, parts?: readonly SnapshotPart[]): Promise<void>;
}

export interface DeployChange {
  /** Set or replaced in the container that takes requests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of the revision, as `concurrency`. */
  readonly minInstances?: number;
  readonly maxInstances?: number;
  readonly concurrency?: number;
  /** Its name; drawn by the platform unless given. */
  readonly revision?: string;
}

export interface ScaleChange {
  readonly min?: number;
  readonly max?: number;
}

export interface TrafficLine {
  /** A revision's name, or null for the latest that is ready. */
  readonly revision: string | null;
  readonly percent: number;
  readonly tag?: string;
}

export interface ServiceView {
  readonly name: string;
  readonly url: string;
  readonly reconciling: boolean;
  /** Why it is not ready; null when all is well. */
  readonly problem: string | null;
  readonly latestCreated: string;
  readonly latestReady: string | null;
  /** As it is routed now. */
  readonly traffic: readonly RoutedLine[];
  readonly minInstances: number;
  /** Null: none of the service's own. */
  readonly maxInstances: number | null;
}

export interface RoutedLine {
  readonly latest: boolean;
  readonly revision: string;
  readonly percent: number;
  readonly tag: string | null;
}

export interface RevisionView {
  readonly name: string;
  readonly ready: boolean;
  readonly problem: string | null;
  /** What scaling has resolved to. */
  readonly desiredMinInstances: number;
  readonly maxInstances: number;
  readonly concurrency: number;
  readonly timeoutMs: number;
}

export type SnapshotPart = 'template' | 'traffic' | 'scaling';

/** The parts of a service that a person decides, in the API's JSON to the letter. */
export interface ServiceSnapshot {
  readonly service: string;
  readonly template: unknown;
  readonly traffic: unknown;
  readonly scaling: unknown;
}
