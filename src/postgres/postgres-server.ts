import type { ServerLimits } from '../contract/contract.ts';

/** Where Postgres runs. One adapter a folder: `embedded/` starts one of its own. */
export interface PostgresServer {
  /** Starts or reaches the server and prepares roles; throws `EnvironmentError` when it can't. */
  start(signal: AbortSignal): Promise<RunningPostgres>;
}

/** How to connect as one role. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A server that takes connections. */
export interface RunningPostgres {
  /** As the server reports it, such as "18.4". */
  readonly version: string;
  /** Read from the server, never assumed. */
  readonly limits: ServerLimits;
  /** For sampling: sees all sessions. Its database is the harness's own: no service uses it, nothing there counts. */
  readonly monitor: Login;
  /** For canaries: an ordinary role, without any reserved slot, in the harness's own database too. */
  readonly headroom: Login;
  /** The role and database that the driven service uses. */
  readonly service: Login;
  /** The same for each of the services that share the database, by role; the driven one's is among them. */
  readonly services: Readonly<Record<string, Login>>;
  /** The server's own log in jsonlog form, or null where it can't be read. */
  readonly logFile: string | null;
  /** Resolves when the server died by itself. Never rejects. */
  readonly lost: Promise<string>;
  /** Stops the server and removes what was made for it. */
  stop(): Promise<void>;
}
