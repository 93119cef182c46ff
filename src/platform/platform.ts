import type { RunClock } from '../base/clock.ts';
import type { RunEvent } from '../evidence/event.ts';
import type { Knob } from '../plan/knob.ts';
import type { CloudRunAdmin } from './cloud-run/cloud-run-admin.ts';

/**
 * Where the service under test runs. Each adapter has a folder: `local/` is the project's own Cloud Run emulator,
 * `url/` an address where the service already answers. An adapter is made for one target.
 */
export interface Platform {
  /** Resolves once the service can take traffic; throws `EnvironmentError` when it can't. */
  start(orders: PlatformOrders): Promise<RunningService>;
}

/**
 * A service that takes traffic. What a platform can't tell or do is null: whoever needs it says so, and nobody
 * guesses. Cloud Run itself would have `inspect` and `admin`, but no `emulator`.
 */
export interface RunningService {
  /** Where load is sent, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** A path that is answered without reaching an instance; null where every path reaches one. */
  readonly pingPath: string | null;
  /** A path that is answered the way an instance's are, without reaching one; null where there is none. */
  readonly warmPath: string | null;
  /** Shows a service's revisions and instances as they are now. */
  readonly inspect: ((service: string) => Promise<ServiceState>) | null;
  /** Connects to what deploys, routes and scales. Loading the client takes a second: ask before load. */
  readonly admin: (() => Promise<CloudRunAdmin>) | null;
  readonly emulator: EmulatorControl | null;
  /** Whether all of it ends with the run: then nothing that is changed on it has to be undone. */
  readonly disposable: boolean;
  /** Resolves with the reason when the service was lost and the run can't go on. Never rejects. */
  readonly lost: Promise<string>;
  /** Whether the emulator is stopped; null when it is gone. Absent where there is none, or the system does not say. */
  readonly frozen?: () => boolean | null;
  /**
   * Stops what `start` started: instances get SIGTERM, and SIGKILL after at most `graceMs`. Resolves when nothing
   * of it is left. A service that was there before stays as it is.
   */
  stop(graceMs: number): Promise<void>;
}

/** A service at one moment, as far as its platform shows it. */
export interface ServiceState {
  /** Null while no revision is ready. */
  readonly latestReady: string | null;
  readonly traffic: readonly { readonly revision: string; readonly percent: number }[];
  /** The newest first. */
  readonly revisions: readonly RevisionState[];
}

export interface RevisionState {
  readonly name: string;
  readonly ready: boolean;
  /** What scaling has resolved to. */
  readonly minInstances: number;
  readonly maxInstances: number;
  /** Null where the platform doesn't count them. */
  readonly instances: { readonly starting: number; readonly ready: number; readonly stopping: number } | null;
}

/** What a platform needs to know about the run. */
export interface PlatformOrders {
  /**
   * Where the real Postgres listens for each service, by its name. Instances that are started here get the address
   * of their own link; a service that is already running has its database already.
   */
  readonly databases: Readonly<Record<string, DatabaseAddress>>;
  /** The run's own: all times are on one clock. */
  readonly clock: RunClock;
  /** Where everything random comes from, such as which instance takes a request; 1 unless given. */
  readonly seed?: number;
  /** Observations as they happen: instances, links, the platform's own answers. */
  readonly onEvent: (event: RunEvent) => void;
  /** What instances print, line by line. */
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
  /** Holds the current password, where chaos may change it. */
  readonly passwordFile?: string;
}

/** What only an emulator has. */
export interface EmulatorControl {
  status(): Promise<EmulatorStatus>;
  /** Resolves with what was done, in words. */
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
