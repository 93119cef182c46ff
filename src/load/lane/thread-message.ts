import type { Problem } from '../../base/errors.ts';
import type { AttemptBlock } from '../../evidence/dataset/attempt-block.ts';
import type { Stall } from '../../base/stall-watch.ts';
import type { Client } from '../../scenario/clients/client.ts';
import type { Feed } from '../../scenario/data/feed.ts';
import type { RequestSpec } from '../../scenario/requests/request-spec.ts';
import type { ClosedPhase } from './closed-clients.ts';
import type { Sharing } from './lanes.ts';
import type { LaneReport } from '../load.ts';
import type { Shared } from './shared.ts';

/** What both kinds of thread are started with. All threads run the same build, so messages are not validated. */
export interface PacerOrders {
  readonly shared: Shared;
  readonly sharing: Sharing;
  readonly originNs: bigint;
  readonly loadStartUs: number;
}

export interface LaneOrders extends PacerOrders {
  readonly lane: number;
  /** The number of the first arrival. */
  readonly firstArrival: number;
  readonly url: string;
  readonly warmPath: string | null;
  readonly connectionsAhead: number;
  readonly maxInFlight: number;
  readonly client: Client;
  readonly acquireTimeoutMs: number;
  readonly seed: number;
  readonly requests: readonly [RequestSpec, ...RequestSpec[]];
  readonly data: Readonly<Record<string, Feed>>;
  readonly phases: readonly string[];
  readonly closed: readonly ClosedPhase[];
  /** The first ID token that requests carry; null where they carry none. */
  readonly token: string | null;
}

/** From the conductor to a lane. `reuse`: the buffer of a block that has been written to disk, to be filled again. */
export type LaneOrder =
  | { readonly do: 'stop'; readonly drainMs: number }
  | { readonly do: 'authorize'; readonly token: string }
  | { readonly do: 'reuse'; readonly numbers: Float64Array<ArrayBuffer> };

/** From a lane to the conductor. */
export type LaneMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'attempts'; readonly block: AttemptBlock }
  | { readonly kind: 'stall'; readonly stall: Stall }
  | { readonly kind: 'done'; readonly report: LaneReport }
  /** A request can't be sent as the scenario asks for it: a template has filled a line break into a header, say. */
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** From the pacer to the conductor, once, after the last arrival. */
export interface PacerMessage {
  readonly kind: 'paced';
  readonly cpuUs: number;
}
