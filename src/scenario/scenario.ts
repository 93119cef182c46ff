import type { Contract } from '../contract/contract.ts';
import type { StartupProbe } from '../contract/startup-probe.ts';

/** A scenario after parsing, defaulting and merging: what to inflict, on what, and on what promise. */
export interface Scenario {
  readonly name: string;
  readonly seed: number;
  /** The file it came from; relative paths in it are resolved against its folder. */
  readonly file: string;
  readonly contract: Contract;
  readonly target: Target;
  readonly postgres: PostgresTarget;
  readonly traffic: Traffic;
  readonly requests: readonly [RequestSpec, ...RequestSpec[]];
  readonly client: Client;
  readonly sampling: { readonly everyMs: number };
  readonly safety: Safety;
  /** Values that must never be shown or stored. */
  readonly secrets: readonly string[];
}

/** Where the service runs. */
export type Target = LocalTarget;

/** The service runs here, under the project's own Cloud Run emulator. */
export interface LocalTarget {
  readonly kind: 'local';
  /** The name the service has in the contract. */
  readonly service: string;
  /** Program and arguments that start one instance. */
  readonly command: readonly [string, ...string[]];
  /** Folder the command runs in: the scenario's own. */
  readonly cwd: string;
  /** Environment from service.yaml and the scenario, without what the emulator adds by itself. */
  readonly env: Readonly<Record<string, string>>;
  /** Added to the real start of every instance, to stand for image pull and sandbox start. */
  readonly startupDelayMs: number;
  readonly startupProbe: StartupProbe;
}

/** Where Postgres runs. */
export interface PostgresTarget {
  readonly kind: 'embedded';
  readonly maxConnections: number;
  /** SQL to run before the service starts; an absolute path. */
  readonly setupFile?: string;
}

export interface Traffic {
  readonly arrivals: ArrivalProcess;
  /** Beyond so many requests in flight an arrival is counted as dropped, never queued. */
  readonly maxInFlight: number;
  readonly phases: readonly [Phase, ...Phase[]];
}

/** `uniform`: evenly spaced. `poisson`: independent callers, exponential gaps. */
export type ArrivalProcess = 'uniform' | 'poisson';

export interface Phase {
  readonly name: string;
  readonly durationMs: number;
  readonly ratePerSec: number;
  /** Rate at the end of the phase, reached linearly. */
  readonly rampToPerSec?: number;
  /** The phase that overload bounds judge and that recovery is measured from. */
  readonly stress: boolean;
}

/** One kind of request in the mix. */
export interface RequestSpec {
  readonly name: string;
  readonly weight: number;
  readonly method: string;
  /** Path and query, with `${...}` templates. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Body with `${...}` templates. */
  readonly body?: string;
  /** How long one such request is expected to hold a database session: used for predictions only. */
  readonly holdMs?: number;
  readonly expect: Expectation;
}

/** What a good answer looks like. */
export interface Expectation {
  /** Statuses that count as ok; empty means any 2xx or 3xx. */
  readonly status: readonly number[];
  /** The body must be there. */
  readonly bodyNotEmpty: boolean;
}

export interface Client {
  /** The attempt is given up after this long. */
  readonly timeoutMs: number;
  /** D: an answer later than this is worth nothing to the caller. */
  readonly deadlineMs: number;
  readonly retry: 'none';
}

export interface Safety {
  readonly allowHosts: readonly string[];
  readonly acceptOvercommit: boolean;
}
