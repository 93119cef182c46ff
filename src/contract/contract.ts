/** What is promised: how many sessions each service may hold, for how long it may wait, and what is kept free. */
export interface Contract {
  readonly services: readonly [ServiceContract, ...ServiceContract[]];
  /** Slots that must stay free of the declared services, whatever they do. */
  readonly headroom: readonly HeadroomLine[];
  /** Dotted names of the values that nobody declared and a default filled, such as `api.acquire_timeout_ms`. */
  readonly assumed: readonly string[];
  /** What was declared and has no effect here, or is enforced by nobody; one line each. */
  readonly warnings?: readonly string[];
}

/** The connection contract of one service: the product of its scaling and its pools. */
export interface ServiceContract {
  readonly name: string;
  /** N: the cap on instances, per revision. */
  readonly maxInstances: number;
  readonly minInstances: number;
  /** C: requests that one instance accepts at once. */
  readonly containerConcurrency: number;
  /** W: processes per instance, each with pools of its own. */
  readonly workersPerInstance: number;
  /** P: sessions that one process may hold, all its pools together. */
  readonly poolMax: number;
  readonly poolMin: number;
  /** Sessions held outside the request path (workers, LISTEN, migrations), for the whole service. */
  readonly backgroundSessions: number;
  /** omega: how much of a second fleet a rollout may add: 1 where the cap is per revision, 0 where it is the service's. */
  readonly rolloutOverlap: number;
  /** T_acq: the longest wait for a session. */
  readonly acquireTimeoutMs: number;
  /** T_stmt: the longest statement. */
  readonly statementTimeoutMs: number;
  /** T_req: the longest request. */
  readonly requestTimeoutMs: number;
  /** T_idle: when a pool lets go of a session that nobody uses; left out where nobody declared it, or it never does. */
  readonly idleTimeoutMs?: number;
  /** T_life: when a pool replaces a session however busy it is; left out as above. */
  readonly maxLifetimeMs?: number;
  readonly match: SessionMatch;
}

/** How the sessions of a service are recognised in Postgres. Every field given must agree. */
export interface SessionMatch {
  readonly role?: string;
  readonly applicationName?: string;
  readonly database?: string;
  /** An address, or a range such as `10.8.0.0/28`. */
  readonly clientAddress?: string;
}

/** One line of reserved headroom: who may use it, and how many slots. */
export interface HeadroomLine {
  readonly purpose: 'admin_and_migrations' | 'other_services';
  readonly slots: number;
}

/** What the server itself allows. */
export interface ServerLimits {
  /** M: `max_connections`. */
  readonly maxConnections: number;
  /** `superuser_reserved_connections`, 3 unless changed. */
  readonly superuserReserved: number;
  /** `reserved_connections` (PostgreSQL 16 and later), 0 unless changed. */
  readonly reservedConnections: number;
}
