/** One kind of request in the mix. */
export interface RequestSpec {
  readonly name: string;
  readonly weight: number;
  readonly method: string;
  /** Path and query, with `${...}` templates. */
  readonly path: string;
  /** As the author wrote them; values may hold templates. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** How long one such request is expected to hold a database session: used for predictions only. */
  readonly holdMs?: number;
  readonly expect: Expectation;
}

/** What is sent in the body; every text in it may hold templates. */
export type RequestBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'text'; readonly text: string };

/** What a good answer looks like. */
export interface Expectation {
  /** Statuses that count as ok; empty means any 2xx or 3xx. */
  readonly status: readonly number[];
  readonly headers: readonly HeaderCheck[];
  readonly json: readonly JsonCheck[];
  /** The body must be there. */
  readonly bodyNotEmpty: boolean;
}

/** A header that must be there. */
export interface HeaderCheck {
  /** In lower case. */
  readonly name: string;
  /** What its value must contain, whatever the case; null: anything. */
  readonly contains: string | null;
}

/** Something that must be found in a JSON body. */
export interface JsonCheck {
  /** JSONPath of RFC 9535. */
  readonly path: string;
  /** What at least one of the values found must be; null: anything. */
  readonly is: { readonly value: unknown } | null;
}

/** Nothing in particular: any 2xx or 3xx is good. */
export const expectNothing: Expectation = { status: [], headers: [], json: [], bodyNotEmpty: false };
