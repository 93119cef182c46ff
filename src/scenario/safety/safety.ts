/** What a run may touch, and what it may do there. */
export interface Safety {
  readonly allowHosts: readonly string[];
  readonly denyHosts: readonly string[];
  readonly allowExec: boolean;
  /** Faults that may do harm on a server that poolproof did not start. */
  readonly allowDestructive: readonly string[];
  readonly acceptOvercommit: boolean;
}
