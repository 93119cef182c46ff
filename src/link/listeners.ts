import { linkSync, renameSync, rmSync } from 'node:fs';
import {
  connect,
  createServer,
  type AddressInfo,
  type ListenOptions,
  type Server,
  type Socket,
} from 'node:net';

/** Where a link listens: on a free port of the host, and on these unix sockets. */
export interface ListenerOrders {
  readonly host: string;
  readonly socketPaths: readonly string[];
  readonly accept: (client: Socket) => void;
}

/** Enough for the pools of a whole fleet to open at once. */
const backlog = 1024;

/**
 * The listening sockets of a link. They can refuse connections for a while, as if nobody listened there, and then
 * listen again on the same port and paths.
 */
export class Listeners {
  readonly port: number;
  readonly #orders: ListenerOrders;
  #servers: readonly Server[];
  /** Holds the port while nobody listens there; null otherwise. */
  #portHolder: Socket | null = null;
  #isClosed = false;
  #change: Promise<void> = Promise.resolve();

  private constructor(orders: ListenerOrders, servers: readonly Server[], port: number) {
    this.#orders = orders;
    this.#servers = servers;
    this.port = port;
  }

  static async open(orders: ListenerOrders): Promise<Listeners> {
    const servers = await listenAt(orders, 0);
    const port = servers.map((server) => server.address()).find(isTcp)?.port ?? 0;
    return new Listeners(orders, servers, port);
  }

  /** Whether they are closed for good. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Refuses connections, or accepts them again. Changes wait for each other. Rejects if the port was taken. */
  refuse(yes: boolean): Promise<void> {
    const done = this.#change.then(() => (yes ? this.#stopListening() : this.#listen()));
    this.#change = done.catch(() => undefined);
    return done;
  }

  /** Closes them for good. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const server of this.#servers) server.close();
    this.#releasePort();
    for (const path of this.#orders.socketPaths) rmSync(path, { force: true });
  }

  #stopListening(): void {
    if (this.#isClosed || this.#portHolder !== null) return;
    const { host, socketPaths } = this.#orders;
    // A server removes its socket file when it closes. A second link to the file stays, and refuses connections.
    for (const path of socketPaths) linkSync(path, spare(path));
    for (const server of this.#servers) server.close();
    for (const path of socketPaths) renameSync(spare(path), path);
    this.#portHolder = holdPort(host, this.port);
  }

  async #listen(): Promise<void> {
    if (this.#isClosed || this.#portHolder === null) return;
    this.#releasePort();
    for (const path of this.#orders.socketPaths) rmSync(path, { force: true });
    this.#take(await listenAt(this.#orders, this.port));
  }

  #take(servers: readonly Server[]): void {
    this.#servers = servers;
    // The link may have been closed in the meantime.
    if (this.#isClosed) for (const server of servers) server.close();
  }

  #releasePort(): void {
    this.#portHolder?.resetAndDestroy();
    this.#portHolder = null;
  }
}

async function listenAt(
  { host, socketPaths, accept }: ListenerOrders,
  port: number,
): Promise<readonly Server[]> {
  const servers: Server[] = [];
  try {
    servers.push(await listen({ host, port }, accept));
    for (const path of socketPaths)
      servers.push(await listen({ path, readableAll: true, writableAll: true }, accept));
    return servers;
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
}

async function listen(where: ListenOptions, accept: (client: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...where, backlog }, resolve);
  });
  return server;
}

/**
 * Connects a port to itself: the system then gives it to nobody else and refuses connections to it. Where that fails
 * the port is simply free for a while, which is nearly always good enough.
 */
function holdPort(host: string, port: number): Socket {
  const socket = connect({ host, port, localAddress: host, localPort: port });
  return socket.on('error', () => undefined);
}

function spare(path: string): string {
  return `${path}~`;
}

function isTcp(address: ReturnType<Server['address']>): address is AddressInfo {
  return address !== null && typeof address === 'object';
}
