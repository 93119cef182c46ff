/** A row as the server sent it: all text. */
export type Row = Readonly<Record<string, string | null>>;

/**
 * What faults on the database are inflicted through. Everything that is needed was opened before load: a login may
 * not get through any more once the server is full. Calls reject when they fail; see `Refused`.
 */
export interface DatabaseTarget {
  /** Whether the server was started for the run and goes with it: then nothing on it outlives the run. */
  readonly disposable: boolean;
  /** Whom a service logs in as, and where. */
  loginOf(service: string): ServiceLogin;
  /** Runs SQL as the administrator. */
  ask(sql: string): Promise<readonly Row[]>;
  /** The same in another session: what it sees does not come from the one that acted. */
  look(sql: string): Promise<readonly Row[]>;
  /** A fresh login and its end: as a service with this password, or as the neighbour, who is nobody's evidence. */
  tryLogin(who: { readonly service: string; readonly password: string } | 'neighbour'): Promise<LoginAttempt>;
  /** Opens up to so many idle sessions of a neighbour in the service's database. */
  openNeighbours(service: string, count: number, name: string): Promise<Neighbours>;
  /** Sends so many start-up packets and nothing more, and sends another one for each that the server gives up. */
  openHalf(service: string, count: number): Promise<HalfOpen>;
  /** A session of the administrator in the service's database that may hold a lock. */
  takeHolder(service: string): Promise<Holder>;
  /** Puts a password where the service may read it anew; null: the one it had at first. */
  publishPassword(service: string, password: string | null): Promise<void>;
  /** Null where the server's processes are out of reach. */
  readonly processes: DatabaseProcesses | null;
}

export interface ServiceLogin {
  readonly role: string;
  readonly database: string;
  readonly password: string;
}

/** `refused` has the SQLSTATE, or words where the server gave none. */
export type LoginAttempt =
  | { readonly kind: 'in' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'no answer' };

export interface Neighbours {
  /** How many got in. */
  readonly count: number;
  /** Why the others did not; null when all did. */
  readonly refused: string | null;
  /** Runs a statement in each of them, again and again until they are closed. */
  repeat(sql: string): void;
  close(): Promise<void>;
}

export interface HalfOpen {
  /** How many the server waits for now, by its own request for a password. */
  waiting(): number;
  close(): Promise<void>;
}

export interface Holder {
  readonly pid: string;
  ask(sql: string): Promise<readonly Row[]>;
  /** Ends the session, and with it all that it holds. */
  close(): Promise<void>;
}

/** The processes of a server that was started for the run. */
export interface DatabaseProcesses {
  /** Resolves when the server takes connections again and this target has its sessions back. */
  restart(mode: 'smart' | 'fast' | 'immediate' | 'crash'): Promise<{
    /** In words, where it had to be ended in a harder way than that; else null. */
    readonly harder: string | null;
  }>;
  /** Yields how many processes were stopped. */
  freeze(what: { readonly role: string } | 'postmaster'): Promise<number>;
  thaw(): Promise<void>;
  /** How many of these are stopped, by the system's own word; null where it can't be asked. */
  stopped(pids: readonly string[]): Promise<number | null>;
}

/** The server itself said no: what was asked for has not been done. Anything else leaves that open. */
export class Refused extends Error {
  readonly sqlstate: string;

  constructor(message: string, sqlstate: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Refused';
    this.sqlstate = sqlstate;
  }
}
