import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from '../support/certificates.ts';

/** A request as it came over its socket. */
export interface SeenRequest {
  /** Request line and header lines. */
  readonly head: string;
  readonly body: Buffer;
  /** Which socket it came over, counted from 0. */
  readonly socket: number;
}

/** Answers a request in bytes of the test's own; `reset` breaks the connection off at once. */
export type Script = (request: SeenRequest, socket: Socket, reset: () => void) => void;

/** A server that says exactly what the test wants said. */
export interface ScriptedServer {
  readonly address: string;
  readonly seen: readonly SeenRequest[];
  /** Sockets that are open. */
  readonly open: ReadonlySet<Socket>;
  stop(): Promise<void>;
}

/** Starts one on a free port: with TLS where it has a certificate. */
export async function startScripted(
  script: Script,
  certificate: Certificate | null,
): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const open = new Set<Socket>();
  let sockets = 0;
  const onSocket = (socket: Socket, raw: Socket): void => {
    const number = sockets;
    sockets += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    let unread = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk]);
      for (let read = readRequest(unread); read !== null; read = readRequest(unread)) {
        unread = unread.subarray(read.length);
        const request = { head: read.head, body: read.body, socket: number };
        seen.push(request);
        script(request, socket, () => raw.resetAndDestroy());
      }
    });
  };
  const server = certificate === null ? plainServer(onSocket) : tlsServer(certificate, onSocket);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: addressOf(port, certificate !== null),
    seen,
    open,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Certificates here are made for names alone. */
export function addressOf(port: number, isSecure: boolean): string {
  return isSecure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
}

type OnSocket = (socket: Socket, raw: Socket) => void;

function plainServer(onSocket: OnSocket): Server {
  return createServer((socket) => onSocket(socket, socket));
}

/** A TLS socket can't be reset: the one below it can. */
function tlsServer({ cert, key }: Certificate, onSocket: OnSocket): Server {
  const secureContext = createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) });
  return createServer((raw) => {
    const socket = new TLSSocket(raw, { isServer: true, secureContext });
    onSocket(socket, raw);
  });
}

function readRequest(bytes: Buffer): { head: string; body: Buffer; length: number } | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end + 2);
  const length = end + 4 + Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0);
  return bytes.length < length ? null : { head, body: bytes.subarray(end + 4, length), length };
}
