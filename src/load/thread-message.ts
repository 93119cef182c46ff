import type { RequestSpec } from '../scenario/request-spec.ts';
import type { EncodedAttempts } from './attempt-columns.ts';
import type { LaneReport } from './load.ts';
import type { Shared } from './shared.ts';

/** What both kinds of thread are started with. All threads are of one build, so nothing is parsed here. */
export interface PacerOrders {
  readonly shared: Shared;
  readonly lanes: number;
  readonly originNs: bigint;
  readonly loadStartUs: number;
}

export interface LaneOrders extends PacerOrders {
  readonly lane: number;
  readonly url: string;
  readonly warmPath: string | null;
  readonly connectionsAhead: number;
  readonly maxInFlight: number;
  readonly timeoutMs: number;
  readonly acquireTimeoutMs: number;
  readonly seed: number;
  readonly requests: readonly RequestSpec[];
  readonly phases: readonly string[];
}

/** From the conductor to a lane. */
export interface LaneOrder {
  readonly do: 'stop';
  readonly drainMs: number;
}

/** From a lane to the conductor. */
export type LaneMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'attempts'; readonly batch: EncodedAttempts }
  | { readonly kind: 'done'; readonly report: LaneReport };

/** From the pacer to the conductor, once, after the last arrival. */
export interface PacerMessage {
  readonly kind: 'paced';
  readonly cpuUs: number;
}
