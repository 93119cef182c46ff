import type { Contract } from '../contract/contract.ts';
import type { ServiceResource } from '../contract/cloud-run/service-resource.ts';
import type { Calibrate } from './traffic/calibrate.ts';
import type { Client } from './clients/client.ts';
import type { AbortRule, Assertion } from './conditions/rules.ts';
import type { Fault } from './chaos/faults/fault.ts';
import type { Feeds } from './data/feed.ts';
import type { LeakProbe } from './traffic/leak-probe.ts';
import type { PoolerTarget } from './postgres/pooler-target.ts';
import type { PostgresTarget } from './postgres/postgres-target.ts';
import type { RequestSpec } from './requests/request-spec.ts';
import type { Traffic } from './traffic/traffic.ts';

/** A scenario after parsing, defaulting and merging: what to inflict, on what, and on what promise. */
export interface Scenario {
  readonly name: string;
  readonly seed: number;
  /** The file it came from; relative paths in it are resolved against its folder. */
  readonly file: string;
  readonly contract: Contract;
  readonly target: Target;
  readonly postgres: PostgresTarget;
  /** Poolers between services and Postgres, to be looked at. */
  readonly poolers: readonly PoolerTarget[];
  /** How the capacity is measured before the phases; absent where it is not. */
  readonly calibrate?: Calibrate;
  readonly traffic: Traffic;
  /** What is sent after the load to see whether sessions leaked; absent where nothing is. */
  readonly leakProbe?: LeakProbe;
  readonly chaos: readonly ChaosStep[];
  readonly requests: readonly [RequestSpec, ...RequestSpec[]];
  /** What requests are filled from. */
  readonly data: Feeds;
  readonly client: Client;
  readonly sampling: { readonly everyMs: number };
  /** What else the run has to keep, besides the bounds. */
  readonly assertions: readonly Assertion[];
  /** What ends the run as soon as it is so. */
  readonly abort: readonly AbortRule[];
  readonly safety: Safety;
  /** Values that must never be shown or stored. */
  readonly secrets: readonly string[];
}

/** Where the service runs. Of each kind are `service`, the one that load is sent at, and `services` by their names. */
export type Target = LocalTarget | UrlTarget;

/** A service that already runs somewhere, behind an address. */
export interface UrlTarget {
  readonly kind: 'url';
  /** Its name in the contract. */
  readonly service: string;
  readonly services: readonly [{ readonly name: string }];
  /** Scheme, host and port, such as `https://api.example.com`. */
  readonly url: string;
}

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
  /** Idle retention and the hold of surplus instances pass so many times faster; 1 is real time. */
  readonly timeScale: number;
  /** `stop`: processes of an idle instance are stopped (SIGSTOP), which is harsher than Cloud Run's throttling. */
  readonly idleCpu: 'full' | 'stop';
  /** Whether the place of a request that got its 504 stays taken until the instance has answered. */
  readonly slotAfterTimeout: 'held' | 'freed';
}

/** Something that is done to the service on the load's own timeline. */
export interface ChaosStep {
  /** Stands in the record, in marks and in the report; unique. */
  readonly id: string;
  /** Microseconds since the first phase starts. */
  readonly atUs: number;
  /** How long until it is undone; null where it is done once and stays. */
  readonly forUs: number | null;
  /** Which service; the one that load is sent at unless said otherwise. */
  readonly service: string;
  readonly fault: Fault;
}

export interface Safety {
  readonly allowHosts: readonly string[];
  readonly denyHosts: readonly string[];
  readonly allowExec: boolean;
  /** Faults that may do harm on a server that poolproof did not start. */
  readonly allowDestructive: readonly string[];
  readonly acceptOvercommit: boolean;
}
