/** What is wrong with the way of a service's instances to Postgres; the same for each of its links. */
export interface LinkConditions {
  /** Added to whatever Postgres answers. */
  readonly latencyMs: number;
  /** Added as well, to every piece of an answer: `delayMs`, give or take up to `spreadMs`. */
  readonly jitter: { readonly delayMs: number; readonly spreadMs: number } | null;
  /** How fast Postgres's answers come on each connection; null: as fast as they are. */
  readonly bytesPerSec: number | null;
  /** No byte passes either way, and nothing is closed. */
  readonly blackhole: boolean;
  /** New connections are refused; those that are open go on. */
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

/** What one fault sets, or puts back; faults of other kinds keep theirs. */
export type LinkChange = { [K in keyof LinkConditions]: Pick<LinkConditions, K> }[keyof LinkConditions];
