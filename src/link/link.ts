import type { LinkConditions } from '../plan/link-fault.ts';
import { Connections, type ConnectionsOrders } from './connections.ts';
import { Listeners } from './listeners.ts';

/** What a link needs to know. */
export interface LinkOrders extends ConnectionsOrders {
  /**
   * The address to listen on; loopback unless given. Everyone who reaches another address reaches the database, so it
   * must belong to a network that only this machine and the instance share.
   */
  readonly host?: string;
  /** Unix sockets to listen on as well. Everyone who may enter their folder may connect. */
  readonly socketPaths?: readonly string[];
}

/** The proxy between one instance and Postgres: it counts, and never alters a byte. */
export interface RunningLink {
  readonly instance: string;
  readonly host: string;
  readonly port: number;
  /** Resolves when no more connections are accepted and the last one has closed. */
  readonly closed: Promise<void>;
  /** Whether new connections are accepted: false once it drains. */
  isOpen(): boolean;
  /** Authenticated sessions that Postgres has not closed; under TLS, open connections. */
  openSessions(): number;
  /**
   * The same, with the sessions that have just lost their client without a Terminate. For use when the client's process
   * has ended: its sockets close before its end is reported, and Postgres may notice first.
   */
  sessionsLeft(): number;
  /**
   * Applies conditions to open and to new connections from now on. Rejects if its port was taken while connections were
   * refused.
   */
  impose(conditions: LinkConditions): Promise<void>;
  /** Resets every open connection. Returns how many there were. */
  reset(): number;
  /** Accepts no new connection; resolves when the last one has closed by itself. */
  drain(): Promise<void>;
  /** Closes every connection at once. Resolves when nothing is left. */
  close(): Promise<void>;
}

const loopback = '127.0.0.1';

/** Starts a link on a free port, and on the sockets asked for. */
export async function startLink(orders: LinkOrders): Promise<RunningLink> {
  const { host = loopback, socketPaths = [] } = orders;
  const connections = new Connections(orders);
  const listeners = await Listeners.open({ host, socketPaths, accept: (client) => connections.add(client) });
  let tellClosed: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (tellClosed = resolve));
  const drain = async (): Promise<void> => {
    listeners.close();
    await connections.drained();
    tellClosed();
  };
  return {
    instance: orders.whose.instance,
    host,
    port: listeners.port,
    closed,
    isOpen: () => !listeners.isClosed,
    openSessions: () => connections.sessions,
    sessionsLeft: () => connections.sessions + connections.abandonedLately,
    impose: async (conditions) => {
      connections.impose(conditions);
      await listeners.refuse(conditions.refuse);
    },
    reset: () => connections.reset(),
    drain,
    close: async () => {
      connections.destroy();
      await drain();
    },
  };
}
