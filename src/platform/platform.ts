import type { RunClock } from '../base/clock.ts';
import type { RunEvent } from '../evidence/event.ts';
import type { ServiceContract } from '../contract/contract.ts';
import type { LocalTarget } from '../scenario/scenario.ts';

/** Where the service under test runs. One adapter a folder: `local/` is the project's own Cloud Run emulator. */
export interface Platform {
  /** Starts the service far enough that it can take traffic; throws `EnvironmentError` when it can't. */
  start(orders: PlatformOrders): Promise<RunningPlatform>;
}

/** What a platform needs to know. */
export interface PlatformOrders {
  readonly target: LocalTarget;
  readonly service: ServiceContract;
  /** Where the real Postgres listens; instances get the address of their own link instead. */
  readonly database: DatabaseAddress;
  /** Shared with the run, so that all times are on one clock. */
  readonly clock: RunClock;
  /** For what the platform draws at random: which instance takes a request, names; 1 unless given. */
  readonly seed?: number;
  /** Observations, as they happen: instances, links, the platform's own answers. */
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** A database as a service sees it. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A service that takes traffic. */
export interface RunningPlatform {
  /** Where load is sent, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** A path that the platform answers by itself, without any instance. */
  readonly pingPath: string;
  /** Resolves when the platform died by itself: the run can't go on. Never rejects. */
  readonly lost: Promise<string>;
  /** Stops all instances (SIGTERM, then SIGKILL after at most `graceMs`) and itself. Resolves when nothing is left. */
  stop(graceMs: number): Promise<void>;
}
