import type { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { ServerLimits } from '../contract/contract.ts';

/** Where Postgres runs. One folder for each adapter: `embedded/` starts a server of its own. */
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
  /** How to speak TLS; without it the connection is plain. */
  readonly tls?: ConnectionOptions;
}

/** How the lines of a log are written. */
export interface LogFormat {
  readonly form: 'jsonlog' | 'csvlog' | 'stderr';
  /** `log_line_prefix`; what precedes each line of the stderr form. */
  readonly linePrefix?: string;
  /** `log_timezone`; UTC unless said. */
  readonly timeZone?: string;
  /** Something between here and the server changes the ports of connections: those in the log are not ours. */
  readonly isTranslated?: boolean;
}

/** Where the server's own log can be read. */
export type LogSource = LogFormat &
  (
    | { readonly kind: 'file'; readonly path: string }
    /** Through `pg_read_binary_file`, by a role that may; from the moment that it is followed. */
    | { readonly kind: 'sql'; readonly login: Login }
    /** As it is written, from its first line on. */
    | { readonly kind: 'stream'; open(): Promise<Readable> }
    /** Entries of Cloud Logging that somebody else writes to a file; read when the run is over. */
    | {
        readonly kind: 'export';
        readonly path: string;
        /** How long to wait for what the server logged last. */
        readonly waitMs: number;
        /** The entries of this instance alone, `project:instance`; null: there is only one. */
        readonly instance: string | null;
      }
  );

/** Ways to end a server. `crash`: one backend dies by SIGKILL, and the server drops all sessions and recovers. */
export type RestartMode = 'smart' | 'fast' | 'immediate' | 'crash';

/** How a server was ended. */
export interface Restarted {
  /** In words, when the way asked for did not end it and a harder one had to; else null. */
  readonly harder: string | null;
}

/** The processes of a server that was started for the run. Calls reject when what they do failed. */
export interface ServerProcesses {
  /** Ends the server in this way and starts it again; resolves when it takes connections. Not a loss. */
  restart(mode: RestartMode): Promise<Restarted>;
  /** Stops (SIGSTOP) the backends of a role, or the postmaster alone, which takes new connections. */
  freeze(what: { readonly role: string } | 'postmaster'): Promise<number>;
  /** Continues all that was frozen. */
  thaw(): Promise<void>;
  /** How many of these are stopped, according to the system; null where it can't be asked. */
  stopped(pids: readonly string[]): Promise<number | null>;
}

/** A server that takes connections. */
export interface RunningPostgres {
  readonly kind: 'embedded' | 'container' | 'url' | 'cloud_sql';
  /** Whether it was started for this run and goes with it: then nothing on it outlives the run. */
  readonly disposable: boolean;
  /** As the server reports it, such as "18.4". */
  readonly version: string;
  /** Read from the server, never assumed. */
  readonly limits: ServerLimits;
  /** Ordinary slots that the harness itself takes while it watches; absent where it takes none. */
  readonly ownSlots?: number;
  /** Whether each session that acts on the server, for faults, takes one more of them. */
  readonly actsInSlots?: boolean;
  /** Limits of the server on what can be proven here, in words, one line each; absent where there are none. */
  readonly remarks?: readonly string[];
  /** For sampling: sees all sessions. Its database is the harness's own: no service uses it, nothing there counts. */
  readonly monitor: Login;
  /** For canaries: an ordinary role, without any reserved slot, in the harness's own database too. */
  readonly headroom: Login;
  /** The same for a stand-in for another service; absent where none was given: then nobody tries. */
  readonly neighbor?: Login | null;
  /** The role and database that the driven service uses. */
  readonly service: Login;
  /** The same for each service that shares the database, by role, including the driven one. */
  readonly services: Readonly<Record<string, Login>>;
  /** May end sessions, change roles and alter the system; null where nobody gave such a role. */
  readonly admin: Login | null;
  /** Null where the log can't be read: then only refusals that a link saw are known. */
  readonly log: LogSource | null;
  /** Null where the server's processes are out of reach. */
  readonly processes: ServerProcesses | null;
  /** Resolves when the server died by itself. Never rejects. */
  readonly lost: Promise<string>;
  /**
   * Whether one of its processes is stopped, apart from those that `processes` has frozen; null when it is gone. Absent
   * where its processes are out of reach.
   */
  readonly frozen?: () => boolean | null;
  /** Stops the server and removes what was made for it. */
  stop(): Promise<void>;
}
