import type { LinkConditions } from '../plan/link-fault.ts';
import { Connections, type ConnectionsOrders } from './connections.ts';
import { Listeners } from './listeners.ts';

/** What a link needs to know. */
export interface LinkOrders extends ConnectionsOrders {
  /**
   * The address of this machine to listen on; loopback unless given. Whoever reaches another one reaches the
   * database: only that of a network which this machine alone shares with the instance is meant.
   */
  readonly host?: string;
  /** Unix sockets to listen on as well. Everyone may connect who may enter their folder. */
  readonly socketPaths?: readonly string[];
}

/** The way of one instance to Postgres: a proxy that counts and never alters a byte. */
export interface RunningLink {
  readonly instance: string;
  readonly host: string;
  readonly port: number;
  /** Resolves when it takes no more connections and the last one has closed. */
  readonly closed: Promise<void>;
  /** Whether connections are still to come: it is not being drained. */
  isOpen(): boolean;
  /** Authenticated sessions that Postgres has not closed; under TLS, open connections. */
  openSessions(): number;
  /**
   * Those, and the sessions that lost their client in the last moment without a Terminate. Asked when the client's
   * process has ended: its sockets close before its end is told, and Postgres may be the faster one to notice.
   */
  sessionsLeft(): number;
  /**
   * What is wrong from now on, for connections that are open and for those to come. Rejects when its port could
   * not be had back after connections were refused.
   */
  impose(conditions: LinkConditions): Promise<void>;
  /** Breaks off every open connection, on both its sides. Yields how many there were. */
  reset(): number;
  /** Takes no new connection; resolves when the last one has closed by itself. */
  drain(): Promise<void>;
  /** Cuts everything. Resolves when nothing is left. */
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
      await listeners.shut(conditions.refuse);
    },
    reset: () => connections.reset(),
    drain,
    close: async () => {
      connections.destroy();
      await drain();
    },
  };
}
