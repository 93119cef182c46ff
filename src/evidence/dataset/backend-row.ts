/** Who counted. `sampler`: pg_stat_activity. `link`, `log`: exact counts, one row at each change. */
export const backendSources = ['sampler', 'link', 'log'] as const;

/** Sessions in Postgres with the same attributes at one moment; a sample is all rows of one `tUs` and source. */
export interface BackendRow {
  readonly tUs: number;
  readonly source: (typeof backendSources)[number];
  readonly service: string | null;
  readonly revision: string | null;
  readonly instance: string | null;
  readonly role: string | null;
  readonly applicationName: string | null;
  /** `starting` (PostgreSQL 18: not yet authenticated), `active`, `idle`, `idle in transaction`, ... */
  readonly state: string | null;
  readonly waitType: string | null;
  readonly wait: string | null;
  readonly count: number;
  /** The oldest transaction, query and state among them, by the server's own clock. */
  readonly maxXactMs: number | null;
  readonly maxQueryMs: number | null;
  readonly maxStateMs: number | null;
}
