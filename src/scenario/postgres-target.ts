import type { ConnectionOptions } from 'node:tls';

/** Where Postgres runs. */
export type PostgresTarget = EmbeddedPostgres | ContainerPostgres | UrlPostgres;

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

/** Somebody's own server: nothing on it is made, changed or removed by connecting to it. */
export interface UrlPostgres extends AnyPostgres {
  readonly kind: 'url';
  /** The driven service's own login. */
  readonly service: DatabaseLogin;
  /** Samples from; null: as the service. */
  readonly monitor: DatabaseLogin | null;
  /** The canary's; null: as the service. */
  readonly headroom: DatabaseLogin | null;
  /** May end sessions and change roles, for faults; null where nobody gave it. */
  readonly admin: DatabaseLogin | null;
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
