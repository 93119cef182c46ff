import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AdminApi } from './admin-api.ts';
import type { AdminBackend } from './admin-backend.ts';
import { makeApiSchema, readProtocol } from './api-schema.ts';
import { Operations } from './operations.ts';
import { openRest } from './rest-server.ts';

export interface AdminOrders {
  readonly backend: AdminBackend;
  /** For REST; 0 for any free port. */
  readonly port: number;
  /** Every call must bring it. */
  readonly token: string;
  /** Opens a second listener for gRPC, on a free port. */
  readonly grpc?: boolean;
}

export interface RunningAdmin {
  /** REST, such as `http://127.0.0.1:40124`. */
  readonly url: string;
  /** gRPC without TLS; null unless asked for. */
  readonly grpc: { readonly host: string; readonly port: number } | null;
  close(): Promise<void>;
}

/** The Cloud Run Admin API v2 on loopback, over a backend. Rejects when the port is taken. */
export async function startAdminServer(orders: AdminOrders): Promise<RunningAdmin> {
  const { backend, token } = orders;
  const protocol = readProtocol();
  const api: AdminApi = {
    backend,
    schema: makeApiSchema(protocol),
    operations: new Operations(`projects/${backend.project}/locations/${backend.location}`),
  };
  const rest = await openRest(api, orders.port, token);
  const { openGrpc } = orders.grpc === true ? await import('./grpc/grpc-server.ts') : { openGrpc: null };
  const grpc = openGrpc === null ? null : await openGrpc(api, protocol, token);
  return {
    url: `http://127.0.0.1:${(rest.address() as AddressInfo).port}`,
    grpc: grpc === null ? null : { host: '127.0.0.1', port: grpc.port },
    close: async () => {
      grpc?.close();
      await closeRest(rest);
    },
  };
}

/** Cuts calls that wait for an operation: nothing is left that could end it. */
function closeRest(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
