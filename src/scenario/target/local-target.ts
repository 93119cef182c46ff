import type { ServiceResource } from '../../contract/cloud-run/service-resource.ts';

/** The services run here, under the project's own Cloud Run emulator. */
export interface LocalTarget {
  readonly kind: 'local';
  /** The service that load is sent at, by its name in the contract: one of `services`. */
  readonly service: string;
  /** All that run side by side on the one database. */
  readonly services: readonly [LocalService, ...LocalService[]];
  readonly emulation: Emulation;
}

/** One service under the emulator. */
export interface LocalService {
  /** Its name in the contract, and in service.yaml where there is one. */
  readonly name: string;
  /** What is deployed first: service.yaml in the Admin API's form, the scenario's own env already in it. */
  readonly resource: ServiceResource;
  /** What is run in place of what the resource says, by the container's name. */
  readonly programs: Readonly<Record<string, Program>>;
  /** Folder that relative paths and processes start from: the scenario's own. */
  readonly cwd: string;
  /** Files that hold the values of secrets, by the secret's name; absolute. */
  readonly secretFiles: Readonly<Record<string, string>>;
  /** Added to the real start of every instance, to stand for image pull and sandbox start. */
  readonly startupDelayMs: number;
}

/** How a container is run here: as a process of this machine, or as a container of its own through Docker. */
export type Program =
  | { readonly kind: 'process'; readonly command: readonly [string, ...string[]] }
  | { readonly kind: 'image'; readonly image: string; readonly command: readonly string[] };

/** What of Cloud Run is followed, and where it is bent. */
export interface Emulation {
  /** `cloudrun`: its documented rules. `knative`: the Knative autoscaler and its queues, exactly. */
  readonly profile: 'cloudrun' | 'knative';
  /** How many times faster idle retention and the hold of surplus instances pass; 1 is real time. */
  readonly timeScale: number;
  /** `stop`: processes of an idle instance are stopped (SIGSTOP), which is harsher than Cloud Run's throttling. */
  readonly idleCpu: 'full' | 'stop';
  /** Whether the place of a request that got its 504 stays taken until the instance has answered. */
  readonly slotAfterTimeout: 'held' | 'freed';
}
