/** What is wrong between a service's instances and Postgres; the same for all of its links. */
export interface LinkConditions {
  /** Delays everything that Postgres answers. */
  readonly latencyMs: number;
  /** Delays every piece of an answer by another `delayMs`, give or take up to `spreadMs`. */
  readonly jitter: { readonly delayMs: number; readonly spreadMs: number } | null;
  /** Limits the speed of Postgres's answers on each connection; null: no limit. */
  readonly bytesPerSec: number | null;
  /** No byte passes either way, and nothing is closed. */
  readonly blackhole: boolean;
  /** New connections are refused; open ones go on. */
  readonly refuse: boolean;
}

/** Nothing is wrong. */
export const calmLink: LinkConditions = {
  latencyMs: 0,
  jitter: null,
  bytesPerSec: null,
  blackhole: false,
  refuse: false,
};

/** What one kind of fault sets or resets, without touching the others. */
export type LinkChange = { [K in keyof LinkConditions]: Pick<LinkConditions, K> }[keyof LinkConditions];
