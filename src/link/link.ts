import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { RunClock } from '../base/clock.ts';
import type { LinkEvent } from '../evidence/event.ts';
import { Connection, type ConnectionEvent, type Upstream } from './connection.ts';

/** What a link needs to know. */
export interface LinkOrders {
  readonly upstream: Upstream;
  readonly clock: RunClock;
  readonly whose: { readonly service: string; readonly revision: string; readonly instance: string };
  readonly onEvent: (event: LinkEvent) => void;
}

/** The way of one instance to Postgres: a TCP proxy that counts and never alters a byte. */
export interface RunningLink {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Authenticated sessions that Postgres has not closed; under TLS, open connections. */
  openSessions(): number;
  /** Takes no new connection; resolves when the last one has closed by itself. */
  drain(): Promise<void>;
  /** Cuts everything. Resolves when nothing is left. */
  close(): Promise<void>;
}

const host = '127.0.0.1';

/** Room for a whole fleet's pools that open at once. */
const backlog = 1024;

/** Starts a link on a free port of the loopback interface. */
export async function startLink(orders: LinkOrders): Promise<RunningLink> {
  const open = new Set<Connection>();
  const emit = (event: ConnectionEvent): void =>
    orders.onEvent({ t_us: orders.clock.nowUs(), kind: 'link', ...orders.whose, ...event });

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client: Socket) => {
    const connection = new Connection(client, orders.upstream, emit);
    open.add(connection);
    void connection.closed.then(() => open.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: 0, backlog }, resolve);
  });

  const drain = async (): Promise<void> => {
    server.close();
    while (open.size > 0) await Promise.all([...open].map((connection) => connection.closed));
  };
  return {
    host,
    port: (server.address() as AddressInfo).port,
    openSessions: () => [...open].filter((connection) => connection.open).length,
    drain,
    close: async () => {
      for (const connection of open) connection.destroy();
      await drain();
    },
  };
}
