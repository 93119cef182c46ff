import { createServer, type AddressInfo, type ListenOptions, type Server, type Socket } from 'node:net';
import type { RunClock } from '../base/clock.ts';
import type { LinkEvent } from '../evidence/event.ts';
import { Connection, type ConnectionEvent, type Upstream } from './connection.ts';

/** What a link needs to know. */
export interface LinkOrders {
  readonly upstream: Upstream;
  readonly clock: RunClock;
  readonly whose: { readonly service: string; readonly revision: string; readonly instance: string };
  readonly onEvent: (event: LinkEvent) => void;
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
  readonly host: string;
  readonly port: number;
  /** Authenticated sessions that Postgres has not closed; under TLS, open connections. */
  openSessions(): number;
  /**
   * Those, and the sessions that lost their client in the last moment without a Terminate. Asked when the client's
   * process has ended: its sockets close before its end is told, and Postgres may be the faster one to notice.
   */
  sessionsLeft(): number;
  /** Takes no new connection; resolves when the last one has closed by itself. */
  drain(): Promise<void>;
  /** Cuts everything. Resolves when nothing is left. */
  close(): Promise<void>;
}

const loopback = '127.0.0.1';

/** Room for a whole fleet's pools that open at once. */
const backlog = 1024;

/** From the closing of a process's sockets to the news of its end, with many threads to end in between. */
const lastMomentUs = 250_000;

/** Starts a link on a free port, and on the sockets asked for. */
export async function startLink(orders: LinkOrders): Promise<RunningLink> {
  const { host = loopback, socketPaths = [] } = orders;
  const open = new Set<Connection>();
  let abandonedUs: number[] = [];
  const abandonedLately = (): readonly number[] => {
    abandonedUs = abandonedUs.filter((us) => us > orders.clock.nowUs() - lastMomentUs);
    return abandonedUs;
  };
  const emit = (event: ConnectionEvent): void =>
    orders.onEvent({ t_us: orders.clock.nowUs(), kind: 'link', ...orders.whose, ...event });
  const accept = (client: Socket): void => {
    const connection: Connection = new Connection(client, orders.upstream, (event) => {
      emit(event);
      if (event.what === 'close' && connection.abandoned)
        abandonedUs = [...abandonedLately(), orders.clock.nowUs()];
    });
    open.add(connection);
    void connection.closed.then(() => open.delete(connection));
  };

  const server = await listen({ host, port: 0 }, accept);
  const sockets: Server[] = [];
  const stopListening = (): void => {
    for (const one of [server, ...sockets]) one.close();
  };
  try {
    for (const path of socketPaths)
      sockets.push(await listen({ path, readableAll: true, writableAll: true }, accept));
  } catch (error) {
    stopListening();
    throw error;
  }

  const drain = async (): Promise<void> => {
    stopListening();
    while (open.size > 0) await Promise.all([...open].map((connection) => connection.closed));
  };
  return {
    host,
    port: (server.address() as AddressInfo).port,
    openSessions: () => openOf(open),
    sessionsLeft: () => openOf(open) + abandonedLately().length,
    drain,
    close: async () => {
      for (const connection of open) connection.destroy();
      await drain();
    },
  };
}

function openOf(connections: Iterable<Connection>): number {
  return [...connections].filter((connection) => connection.open).length;
}

async function listen(where: ListenOptions, accept: (client: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...where, backlog }, resolve);
  });
  return server;
}
