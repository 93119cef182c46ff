import { Socket } from 'node:net';
import type { RunClock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { LinkEvent } from '../evidence/event.ts';
import type { LinkConditions } from '../plan/link-fault.ts';
import { downstream, upstream } from './flow-conditions.ts';
import { Flow, resetOf } from './flow.ts';
import { Conversation, type ConversationStep } from './conversation.ts';

/** Where the real Postgres listens. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/** The Terminate message. Drivers send it on its own. */
const terminate = Buffer.from([0x58, 0, 0, 0, 4]);

/** What all connections of a link share. */
export interface ConnectionOrders {
  readonly upstream: Upstream;
  readonly clock: RunClock;
  /** The random stream for jitter. */
  readonly random: Random;
  /** Called when Postgres says that a transaction is over, committed or not. */
  readonly onTransaction: () => void;
}

/** A link event without its time and its instance, which the link adds. */
export type ConnectionEvent = Omit<LinkEvent, 't_us' | 'kind' | 'service' | 'revision' | 'instance'>;

/**
 * One connection of an instance, proxied to Postgres. When the client closes, only its half of the connection is
 * closed and the server is read until it closes too: Postgres finishes what it began, so a late ReadyForQuery or FATAL
 * still counts, as it does in the server's log.
 *
 * What Postgres says is counted when it says it, whether or not it has been passed on yet.
 */
export class Connection {
  /** Resolves when both sides are closed. */
  readonly closed: Promise<void>;
  readonly #client: Socket;
  readonly #upstream = new Socket({ allowHalfOpen: true });
  readonly #where: Upstream;
  readonly #toServer: Flow;
  readonly #toClient: Flow;
  readonly #emit: (event: ConnectionEvent) => void;
  #port = 0;
  #who: Pick<LinkEvent, 'role' | 'application_name'> = { role: null, application_name: null };
  #reached = false;
  #announced = false;
  #ended = false;
  #clientLeft = false;
  #saidTerminate = false;
  #wasReset = false;
  #became: ConversationStep['kind'] | null = null;

  constructor(client: Socket, orders: ConnectionOrders, emit: (event: ConnectionEvent) => void) {
    const { clock, random, onTransaction } = orders;
    this.#client = client;
    this.#where = orders.upstream;
    this.#emit = emit;
    this.#upstream.setNoDelay(true);
    this.closed = Promise.all([whenClosed(client), whenClosed(this.#upstream)]).then(() => undefined);
    const conversation = new Conversation((step) => this.#step(step), onTransaction);
    const hear = (chunk: Buffer): void => {
      this.#saidTerminate = endsWithTerminate(chunk);
      conversation.fromClient(chunk);
    };
    const read = (chunk: Buffer): void => conversation.fromServer(chunk);
    this.#toServer = new Flow({ source: client, sink: this.#upstream, look: hear, clock, random });
    this.#toClient = new Flow({ source: this.#upstream, sink: client, look: read, clock, random });
    this.#watchClient();
    this.#watchUpstream();
  }

  /** Applies conditions from now on. In a blackhole the connection to Postgres is not even opened. */
  impose(conditions: LinkConditions): void {
    if (!conditions.blackhole) this.#reach();
    this.#toServer.impose(upstream(conditions));
    this.#toClient.impose(downstream(conditions));
  }

  /** An authenticated session that Postgres has not closed; under TLS, where sessions can't be seen, any open connection. */
  get open(): boolean {
    return !this.#ended && (this.#became === 'session' || this.#became === 'opaque');
  }

  /** A session whose client closed first and without a Terminate: what happens when a process dies. */
  get abandoned(): boolean {
    return this.#became === 'session' && this.#clientLeft && !this.#saidTerminate && !this.#wasReset;
  }

  /** Cuts both sides at once. */
  destroy(): void {
    this.#client.destroy();
    this.#upstream.destroy();
  }

  /**
   * Resets the client's side and half-closes the server's. The server's side is not reset too, because then nothing
   * more could be read from it: a busy backend goes on either way, and counts until it is gone.
   * False when there was nothing to reset.
   */
  reset(): boolean {
    if (this.#ended || this.#wasReset) return false;
    this.#wasReset = true;
    resetOf(this.#client);
    this.#upstream.end();
    return true;
  }

  #reach(): void {
    if (this.#reached || this.#upstream.destroyed) return;
    this.#reached = true;
    this.#upstream.connect(this.#where);
  }

  #watchClient(): void {
    this.#client.on('error', ignore);
    this.#client.on('end', () => this.#clientGone());
    this.#client.on('close', () => {
      this.#clientGone();
      this.#toServer.end();
    });
  }

  #clientGone(): void {
    this.#clientLeft = true;
    if (this.#reached) return;
    // Postgres was never reached, so this counts as an attempt and nothing else.
    if (!this.#upstream.destroyed) this.#announce();
    this.#client.destroy();
    this.#upstream.destroy();
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
      this.#toClient.end();
    });
  }

  #step(step: ConversationStep): void {
    this.#became = step.kind;
    if (step.kind === 'startup') this.#who = { role: step.role, application_name: step.applicationName };
    if (this.#port === 0) return;
    this.#announce();
    if (step.kind === 'session') this.#say({ what: 'session' });
    if (step.kind === 'refused')
      this.#say({ what: 'refused', sqlstate: step.sqlstate, message: step.message });
  }

  /** The server can't be reached, or reset the connection. Either way the client sees a reset. */
  #broke(error: NodeJS.ErrnoException): void {
    if (this.#port === 0) {
      this.#announce();
      this.#say({ what: 'refused', sqlstate: null, message: error.code ?? error.message });
      this.#ended = true;
    }
    this.#toClient.cut();
  }

  #serverClosed(): void {
    if (this.#ended) return;
    this.#ended = true;
    // It was destroyed before it reached Postgres: there was nothing to close.
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

/** Runs for every query, so the first byte is compared first. */
function endsWithTerminate(chunk: Buffer): boolean {
  const at = chunk.length - terminate.length;
  return chunk[at] === terminate[0] && chunk.subarray(at).equals(terminate);
}

function whenClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

const ignore = (): void => undefined;
