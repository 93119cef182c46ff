import { linkSync, renameSync, rmSync } from 'node:fs';
import {
  connect,
  createServer,
  type AddressInfo,
  type ListenOptions,
  type Server,
  type Socket,
} from 'node:net';

/** Where a link is to listen: on a free port of the address, and on these unix sockets. */
export interface ListenerOrders {
  readonly host: string;
  readonly socketPaths: readonly string[];
  readonly accept: (client: Socket) => void;
}

/** Room for a whole fleet's pools that open at once. */
const backlog = 1024;

/**
 * The places where a link takes connections. They can be shut for a while, so that whoever comes is refused by
 * the system as at a port where nobody listens, and opened again where they were.
 */
export class Listeners {
  readonly port: number;
  readonly #orders: ListenerOrders;
  #servers: readonly Server[];
  /** Holds the port while nobody listens there; null while somebody does. */
  #standIn: Socket | null = null;
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

  /** Whether they are shut for good. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Shuts them or opens them again; a change waits for the one before. Rejects when a place was taken. */
  shut(yes: boolean): Promise<void> {
    const done = this.#change.then(() => (yes ? this.#refuse() : this.#listen()));
    this.#change = done.catch(() => undefined);
    return done;
  }

  /** Shuts them for good. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const server of this.#servers) server.close();
    this.#letGo();
    for (const path of this.#orders.socketPaths) rmSync(path, { force: true });
  }

  #refuse(): void {
    if (this.#isClosed || this.#standIn !== null) return;
    const { host, socketPaths } = this.#orders;
    // A server takes its socket's file away when it closes. Under another name it stays, and refuses.
    for (const path of socketPaths) linkSync(path, spare(path));
    for (const server of this.#servers) server.close();
    for (const path of socketPaths) renameSync(spare(path), path);
    this.#standIn = holdPort(host, this.port);
  }

  async #listen(): Promise<void> {
    if (this.#isClosed || this.#standIn === null) return;
    this.#letGo();
    for (const path of this.#orders.socketPaths) rmSync(path, { force: true });
    this.#take(await listenAt(this.#orders, this.port));
  }

  #take(servers: readonly Server[]): void {
    this.#servers = servers;
    // The link may have been closed meanwhile.
    if (this.#isClosed) for (const server of servers) server.close();
  }

  #letGo(): void {
    this.#standIn?.resetAndDestroy();
    this.#standIn = null;
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
 * A connection of a port with itself: the system gives the number to nobody else, and refuses who comes to it.
 * Where that can't be had the port is free meanwhile, which is nearly always good enough.
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
