import type { Contract } from '../contract/contract.ts';
import type { Calibrate } from './traffic/calibrate.ts';
import type { Client } from './clients/client.ts';
import type { AbortRule, Assertion } from './conditions/rules.ts';
import type { ChaosStep } from './chaos/chaos-step.ts';
import type { BlottedText } from './interpolate.ts';
import type { Feeds } from './data/feed.ts';
import type { LeakProbe } from './traffic/leak-probe.ts';
import type { PoolerTarget } from './postgres/pooler-target.ts';
import type { PostgresTarget } from './postgres/postgres-target.ts';
import type { RequestSpec } from './requests/request-spec.ts';
import type { Safety } from './safety/safety-codec.ts';
import type { Target } from './target/target.ts';
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
  /** The texts of the file that hold any, as they may be shown. */
  readonly blotted: readonly BlottedText[];
}
