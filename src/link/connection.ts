import { connect, type Socket } from 'node:net';
import type { LinkEvent } from '../evidence/event.ts';
import { Handshake, type HandshakeStep } from './handshake.ts';
import { relay } from './relay.ts';

/** Where the real Postgres listens. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/** The message by which a client says goodbye; drivers send it by itself. */
const terminate = Buffer.from([0x58, 0, 0, 0, 4]);

/** A link event without what the link adds: when, and whose. */
export type ConnectionEvent = Omit<LinkEvent, 't_us' | 'kind' | 'service' | 'revision' | 'instance'>;

/**
 * One connection of an instance, carried to Postgres. The client's end is passed on as a half-close and the
 * server is read until it closes: Postgres finishes what it began for a client that has gone, and so a late
 * ReadyForQuery or FATAL still counts, as it does in the server's log.
 */
export class Connection {
  /** Resolves when both sides are closed. */
  readonly closed: Promise<void>;
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #emit: (event: ConnectionEvent) => void;
  #port = 0;
  #who: Pick<LinkEvent, 'role' | 'application_name'> = { role: null, application_name: null };
  #announced = false;
  #ended = false;
  #clientLeft = false;
  #saidTerminate = false;
  #became: HandshakeStep['kind'] | null = null;

  constructor(client: Socket, upstream: Upstream, emit: (event: ConnectionEvent) => void) {
    this.#client = client;
    this.#emit = emit;
    this.#upstream = connect({ ...upstream, allowHalfOpen: true, noDelay: true });
    this.closed = Promise.all([whenClosed(client), whenClosed(this.#upstream)]).then(() => undefined);
    const handshake = new Handshake((step) => this.#step(step));
    relay(client, this.#upstream, (chunk) => {
      this.#saidTerminate = chunk.subarray(-terminate.length).equals(terminate);
      handshake.fromClient(chunk);
    });
    relay(this.#upstream, client, (chunk) => handshake.fromServer(chunk));
    this.#watchClient();
    this.#watchUpstream();
  }

  /** An authenticated session that Postgres has not closed; under TLS, where that can't be told, any open connection. */
  get open(): boolean {
    return !this.#ended && (this.#became === 'session' || this.#became === 'opaque');
  }

  /** A session whose client went away first, and without a Terminate: what a dying process does to its sockets. */
  get abandoned(): boolean {
    return this.#became === 'session' && this.#clientLeft && !this.#saidTerminate;
  }

  /** Cuts both sides at once. */
  destroy(): void {
    this.#client.destroy();
    this.#upstream.destroy();
  }

  #watchClient(): void {
    this.#client.on('error', ignore);
    this.#client.on('end', () => (this.#clientLeft = true));
    this.#client.on('close', () => {
      this.#clientLeft = true;
      this.#upstream.end();
    });
  }

  #watchUpstream(): void {
    this.#upstream.on('connect', () => {
      this.#port = this.#upstream.localPort ?? 0;
      if (this.#became !== null) this.#announce();
    });
    this.#upstream.on('error', (error: NodeJS.ErrnoException) => this.#broke(error));
    this.#upstream.on('end', () => {
      this.#upstream.end();
      this.#serverClosed();
    });
    this.#upstream.on('close', () => {
      this.#serverClosed();
      this.#client.end();
    });
  }

  #step(step: HandshakeStep): void {
    this.#became = step.kind;
    if (step.kind === 'startup') this.#who = { role: step.role, application_name: step.applicationName };
    if (this.#port === 0) return;
    this.#announce();
    if (step.kind === 'session') this.#say({ what: 'session' });
    if (step.kind === 'refused')
      this.#say({ what: 'refused', sqlstate: step.sqlstate, message: step.message });
  }

  /** The server can't be reached, or cut the connection: the client sees the same, a reset. */
  #broke(error: NodeJS.ErrnoException): void {
    if (this.#port === 0) {
      this.#announce();
      this.#say({ what: 'refused', sqlstate: null, message: error.code ?? error.message });
      this.#ended = true;
    }
    // A unix socket knows no reset.
    if (this.#client.remoteAddress === undefined) this.#client.destroy();
    else this.#client.resetAndDestroy();
  }

  #serverClosed(): void {
    if (this.#ended) return;
    this.#ended = true;
    // Destroyed before it ever reached Postgres: there was nothing to close.
    if (this.#port === 0) return;
    this.#announce();
    const known = this.#became !== 'opaque';
    this.#say({ what: 'close', ...(known ? { was_session: this.#became === 'session' } : {}) });
  }

  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    this.#say({ what: 'attempt' });
  }

  #say(event: Omit<ConnectionEvent, 'port' | 'role' | 'application_name'>): void {
    if (this.#became !== 'cancel') this.#emit({ ...event, port: this.#port, ...this.#who });
  }
}

function whenClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

const ignore = (): void => undefined;
