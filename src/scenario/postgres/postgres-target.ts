import type { ConnectionOptions } from 'node:tls';

/** Where Postgres runs. */
export type PostgresTarget = EmbeddedPostgres | ContainerPostgres | ForeignPostgres;

/** A server that poolproof did not start: nothing on it is made, changed or removed by connecting to it. */
export type ForeignPostgres = UrlPostgres | CloudSqlPostgres;

interface AnyPostgres {
  /** What is ordered of a server that is started for the run; what is declared of somebody's own. */
  readonly maxConnections: number;
  /** SQL to run before the service starts; an absolute path. */
  readonly setupFile?: string;
}

/** A server of npm's programs, started for the run. */
export interface EmbeddedPostgres extends AnyPostgres {
  readonly kind: 'embedded';
}

/** A server in a container, started for the run. */
export interface ContainerPostgres extends AnyPostgres {
  readonly kind: 'container';
  readonly image: string;
}

/** Somebody's own server, at an address. */
export interface UrlPostgres extends AnyPostgres, GivenRoles<DatabaseLogin> {
  readonly kind: 'url';
}

/** An instance of Cloud SQL, through Google's connector. */
export interface CloudSqlPostgres extends AnyPostgres, GivenRoles<CloudSqlLogin> {
  readonly kind: 'cloud_sql';
  /** `project:region:instance`. */
  readonly instance: string;
  readonly ipType: 'public' | 'private' | 'psc';
  /** Another endpoint of the Admin API than Google's public one. */
  readonly adminApi?: string;
}

/** The roles that a server of somebody's own was given with. */
export interface GivenRoles<L> {
  /** The driven service's own login. */
  readonly service: L;
  /** Those of the other services that are run, by name. */
  readonly others: Readonly<Record<string, L>>;
  /** Samples from; null: as the service. */
  readonly monitor: L | null;
  /** The canary's; null: as the service. */
  readonly headroom: L | null;
  /** Stands for another service; absent where nobody gave it: then nobody tries. */
  readonly neighbor?: L;
  /** May end sessions and change roles, for faults; null where nobody gave it. */
  readonly admin: L | null;
  /** The server's log, exported to a file by somebody else; absent where it is asked of the server. */
  readonly logExport?: LogExport;
}

/** A file that something beside poolproof writes the server's log to. */
export interface LogExport {
  /** Absolute. */
  readonly file: string;
  /** How long to wait, once the run is over, for what it logged last. */
  readonly waitMs: number;
}

/** How a role logs in to Cloud SQL; the address is the connector's business. */
export interface CloudSqlLogin {
  readonly user: string;
  /** Empty with IAM: the connector brings a token. */
  readonly password: string;
  readonly database: string;
  readonly auth: 'password' | 'iam';
}

/** The database that nearly every server has, and that services seldom use; watched from where nothing else is named. */
export const commonDatabase = 'postgres';

/** What a database URL says. */
export interface DatabaseLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** How to speak TLS, from `sslmode` and its files; without it the connection is plain. */
  readonly tls?: ConnectionOptions;
  /** As the URL says it, for people. */
  readonly sslMode?: string;
}

/** Whether poolproof did not start the server. */
export function isForeign(target: PostgresTarget): target is ForeignPostgres {
  return target.kind === 'url' || target.kind === 'cloud_sql';
}
