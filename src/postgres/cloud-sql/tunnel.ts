import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What opens a connection to the instance: a socket that is being connected. */
export type OpenUpstream = () => Duplex;

/** A port of this machine from which every connection is carried to the instance. */
export interface Tunnel {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

const loopback = '127.0.0.1';

/**
 * Carries what connects to a port of loopback through sockets that the connector makes, byte for byte: links are
 * processes away from here, and reach an instance as they reach any address. The end of either side is passed on as
 * such, so that the last words of the server are still heard; a socket that breaks breaks the other.
 */
export async function openTunnel(open: OpenUpstream): Promise<Tunnel> {
  const both = new Set<Duplex>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = openOrNull(open);
    if (upstream === null) client.resetAndDestroy();
    else carry(client, upstream, both);
  });
  server.listen(0, loopback);
  await once(server, 'listening');
  return {
    host: loopback,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of both) socket.destroy();
      await closed;
    },
  };
}

/** The connector throws once it can no longer connect. */
function openOrNull(open: OpenUpstream): Duplex | null {
  try {
    return open();
  } catch {
    return null;
  }
}

function carry(client: Socket, upstream: Duplex, both: Set<Duplex>): void {
  for (const socket of [client, upstream]) {
    both.add(socket);
    socket.on('close', () => both.delete(socket));
  }
  client.pipe(upstream);
  upstream.pipe(client);
  client.on('error', () => upstream.destroy());
  // As if the server itself had cut it.
  upstream.on('error', () => client.resetAndDestroy());
  upstream.on('close', () => client.end());
  client.on('close', () => upstream.end());
}
