import type { RunClock } from '../../base/clock.ts';
import type { Timer } from './timer-heap.ts';
import type { LogicalRequest } from './logical-request.ts';
import type { Connection, Transport, WireEnd } from '../transport.ts';

/** A connection and the request it carries. */
export interface PooledConnection {
  readonly connection: Connection;
  /** Null while the connection is idle. */
  request: LogicalRequest | null;
  /** Runs when the attempt has taken too long. */
  timeout: Timer | null;
  /** Gives the attempt up. */
  readonly giveUp: () => void;
}

/** Called once for every attempt that ends, unless it is cut off. */
export type OnEnd = (pooled: PooledConnection, end: WireEnd | 'timeout') => void;

/**
 * Idle connections, last in first out: the busiest stay warm, the others grow old and are closed. When none is idle
 * a new one is made, which opens its socket for its first request: sending never waits.
 */
export class ConnectionPool {
  readonly #transport: Transport;
  readonly #clock: RunClock;
  readonly #onEnd: OnEnd;
  readonly #idle: PooledConnection[] = [];
  readonly #busy = new Set<PooledConnection>();

  constructor(transport: Transport, clock: RunClock, onEnd: OnEnd) {
    this.#transport = transport;
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  /** Connections that carry a request. */
  get busy(): ReadonlySet<PooledConnection> {
    return this.#busy;
  }

  /** A connection for a request: the one used last, or a new one. */
  acquire(request: LogicalRequest): PooledConnection {
    const pooled = this.#takeIdle() ?? this.#connect();
    pooled.request = request;
    this.#busy.add(pooled);
    return pooled;
  }

  /** Takes a connection back: it is kept if it can be used again, and closed otherwise. */
  release(pooled: PooledConnection): void {
    this.#busy.delete(pooled);
    pooled.request = null;
    if (pooled.connection.isUsable(this.#clock.nowUs())) this.#idle.push(pooled);
    else pooled.connection.destroy();
  }

  /** Makes connections that are not in the pool yet, to be warmed up first. */
  connect(count: number): readonly PooledConnection[] {
    return Array.from({ length: count }, () => this.#connect());
  }

  /** Adds connections that were warmed up. */
  addIdle(connections: readonly PooledConnection[]): void {
    this.#idle.push(...connections);
  }

  /** Closes the idle connections. */
  close(): void {
    for (const { connection } of this.#idle.splice(0)) connection.destroy();
  }

  #takeIdle(): PooledConnection | null {
    const nowUs = this.#clock.nowUs();
    for (let pooled = this.#idle.pop(); pooled !== undefined; pooled = this.#idle.pop()) {
      if (pooled.connection.isUsable(nowUs)) return pooled;
      pooled.connection.destroy();
    }
    return null;
  }

  #connect(): PooledConnection {
    const connection = this.#transport.connect();
    const giveUp = (): void => this.#onEnd(pooled, 'timeout');
    const pooled: PooledConnection = { connection, request: null, timeout: null, giveUp };
    connection.onEnd = (end) => this.#onEnd(pooled, end);
    return pooled;
  }
}
