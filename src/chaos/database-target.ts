/** A row as the server sent it, all text. */
export type Row = Readonly<Record<string, string | null>>;

/**
 * The database that faults act on. Its sessions are opened before load, because a full server lets nobody in any more.
 * Calls reject when they fail; see `Refused`.
 */
export interface DatabaseTarget {
  /** Whether the server was started for the run and ends with it, so that nothing on it outlives the run. */
  readonly disposable: boolean;
  /** The role, database and password that a service logs in with. */
  loginOf(service: string): ServiceLogin;
  /** Runs SQL as the administrator. */
  ask(sql: string): Promise<readonly Row[]>;
  /** The same in another session, so that a fault is confirmed independently of the session that caused it. */
  look(sql: string): Promise<readonly Row[]>;
  /** Logs in and out again: as a service with this password, or as the neighbour, whose logins count for nothing. */
  tryLogin(who: { readonly service: string; readonly password: string } | 'neighbour'): Promise<LoginAttempt>;
  /** Opens up to `count` idle sessions of a neighbour in the service's database. */
  openNeighbours(service: string, count: number, hold: Hold): Promise<Neighbours>;
  /** Keeps `count` connections that have sent a startup packet and nothing more; replaces those that the server drops. */
  openHalf(service: string, count: number): Promise<HalfOpen>;
  /**
   * An administrator session in the service's database, to hold a lock. The server ends it when it has been silent for
   * that long, in a transaction or not.
   */
  takeHolder(service: string, idleMs: number): Promise<Holder>;
  /** Publishes a password where the service can read it; null: its original one. */
  publishPassword(service: string, password: string | null): Promise<void>;
  /** Null where the server's processes are out of reach. */
  readonly processes: DatabaseProcesses | null;
}

/** How sessions are held. */
export interface Hold {
  /** Their application name. */
  readonly name: string;
  /** The server ends one that has been silent for so long. */
  readonly idleMs: number;
  /** Whether they say something now and then, so as to be held without an end. */
  readonly isRenewed: boolean;
}

export interface ServiceLogin {
  readonly role: string;
  readonly database: string;
  readonly password: string;
}

/** A refusal has the SQLSTATE, or a message where the server gave none. */
export type LoginAttempt =
  | { readonly kind: 'in' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'no answer' };

export interface Neighbours {
  /** How many got in. */
  readonly count: number;
  /** Why the others did not; null when all did. */
  readonly refused: string | null;
  /** Runs a statement in each of them, over and over until they are closed. */
  repeat(sql: string): void;
  close(): Promise<void>;
}

export interface HalfOpen {
  /** How many connections the server has asked for a password and waits for. */
  waiting(): number;
  close(): Promise<void>;
}

export interface Holder {
  readonly pid: string;
  ask(sql: string): Promise<readonly Row[]>;
  /** Ends the session and releases its locks. */
  close(): Promise<void>;
}

/** The processes of a server that was started for the run. */
export interface DatabaseProcesses {
  /** Resolves when the server accepts connections again and this target has reopened its sessions. */
  restart(mode: 'smart' | 'fast' | 'immediate' | 'crash'): Promise<{
    /** What was done instead if that mode did not stop it; else null. */
    readonly harder: string | null;
  }>;
  /** Returns how many processes were stopped. */
  freeze(what: { readonly role: string } | 'postmaster'): Promise<number>;
  thaw(): Promise<void>;
  /** How many of these processes are stopped, according to the system; null where it can't be asked. */
  stopped(pids: readonly string[]): Promise<number | null>;
}

/** The server itself refused, so the statement had no effect. After any other error it may have had one. */
export class Refused extends Error {
  readonly sqlstate: string;

  constructor(message: string, sqlstate: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Refused';
    this.sqlstate = sqlstate;
  }
}
