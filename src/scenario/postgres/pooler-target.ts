/** A pooler between a service and Postgres, and where its admin console is. */
export interface PoolerTarget {
  readonly name: string;
  /** Whose sessions it holds. */
  readonly service: string;
  /** A container of every instance, at the port that the instance gave it; or one that stands by itself. */
  readonly place:
    | { readonly kind: 'container'; readonly container: string }
    | { readonly kind: 'address'; readonly host: string; readonly port: number };
  /** Who may look: PgBouncer's `stats_users` are enough. */
  readonly user: string;
  readonly password: string;
  /** Connections that one instance may open at it, where that is said; the client side of the budget. */
  readonly clients: number | null;
}
