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
