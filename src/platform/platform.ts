import type { RunClock } from '../base/clock.ts';
import type { RunEvent } from '../evidence/event.ts';
import type { Knob } from '../plan/knob.ts';
import type { LocalTarget } from '../scenario/target/local-target.ts';

/** Where the service under test runs. One adapter a folder: `local/` is the project's own Cloud Run emulator. */
export interface Platform {
  /** Starts the service far enough that it can take traffic; throws `EnvironmentError` when it can't. */
  start(orders: PlatformOrders): Promise<RunningPlatform>;
}

/** What a platform needs to know. */
export interface PlatformOrders {
  readonly target: LocalTarget;
  /** Where the real Postgres listens for each service, by its name; instances get the address of their own link. */
  readonly databases: Readonly<Record<string, DatabaseAddress>>;
  /** Shared with the run, so that all times are on one clock. */
  readonly clock: RunClock;
  /** For what the platform draws at random: which instance takes a request, names; 1 unless given. */
  readonly seed?: number;
  /** Observations, as they happen: instances, links, the platform's own answers. */
  readonly onEvent: (event: RunEvent) => void;
  /** Lines that instances print, where someone wants them. */
  readonly onOutput?: (line: OutputLine) => void;
  readonly signal: AbortSignal;
}

/** A line that a container printed. */
export interface OutputLine {
  readonly service: string;
  readonly revision: string;
  readonly instance: string;
  readonly container: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** A database as a service sees it. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Holds the password of now, where chaos may change it. */
  readonly passwordFile?: string;
}

/** Where an Admin API v2 listens, and what it wants of a client. */
export interface AdminEndpoint {
  /** Such as `http://127.0.0.1:40124`. */
  readonly url: string;
  /** Where it speaks gRPC, without TLS; null where it does not. */
  readonly grpc: { readonly host: string; readonly port: number } | null;
  /** Of this start alone; sent as `authorization: Bearer`. */
  readonly token: string;
  readonly project: string;
  readonly location: string;
}

/** What only an emulator has. */
export interface EmulatorControl {
  status(): Promise<EmulatorStatus>;
  /** Yields what was done, in words. */
  turn(service: string, knob: Knob): Promise<string>;
}

/** Every service of an emulator at one moment. */
export interface EmulatorStatus {
  readonly services: readonly ServiceStatus[];
}

export interface ServiceStatus {
  readonly name: string;
  readonly url: string;
  readonly latestReady: string | null;
  readonly traffic: readonly {
    readonly revision: string;
    readonly percent: number;
    readonly tag: string | null;
  }[];
  /** The newest first. */
  readonly revisions: readonly RevisionStatus[];
  /** Where each instance reaches its database. */
  readonly links: readonly { readonly instance: string; readonly host: string; readonly port: number }[];
}

export interface RevisionStatus {
  readonly name: string;
  /** deploying, ready, failed or retired. */
  readonly state: string;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly instances: { readonly starting: number; readonly ready: number; readonly stopping: number };
  readonly inFlight: number;
  readonly queued: number;
}

/** A service that takes traffic. */
export interface RunningPlatform {
  /** All services that run side by side, by name. */
  readonly urls: Readonly<Record<string, string>>;
  readonly admin: AdminEndpoint;
  readonly emulator: EmulatorControl;
  /** Where load is sent: the target's own service, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** A path that the platform answers by itself, without any instance. */
  readonly pingPath: string;
  /** Resolves when the platform died by itself: the run can't go on. Never rejects. */
  readonly lost: Promise<string>;
  /** Stops all instances (SIGTERM, then SIGKILL after at most `graceMs`) and itself. Resolves when nothing is left. */
  stop(graceMs: number): Promise<void>;
}
