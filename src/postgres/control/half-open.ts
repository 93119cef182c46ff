import { connect, type Socket } from 'node:net';
import { sleep } from '../../base/deadline.ts';
import type { Login } from '../postgres-server.ts';

const protocolVersion = 3 << 16;
/** AuthenticationRequest; what follows says which, 0 being "you are in". */
const authentication = 'R'.charCodeAt(0);

const firstWaitMs = 3000;
const againMs = 500;

/** Connections that said who they are and then went silent. */
export interface HalfOpenConnections {
  /** How many the server is waiting for: it has asked them for a password. */
  waiting(): number;
  close(): Promise<void>;
}

/**
 * Opens `count` connections. The server gives each up after its `authentication_timeout`; another one then takes its
 * place, as clients behind a broken network would reconnect.
 */
export async function openHalf(login: Login, count: number): Promise<HalfOpenConnections> {
  const over = new AbortController();
  const asked = new Set<Socket>();
  const open = new Set<Socket>();
  const keepOne = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await oneHalf(login, open, asked);
      await sleep(againMs, over.signal);
    }
  };
  const all = Array.from({ length: count }, keepOne);
  for (let waitedMs = 0; asked.size < count && waitedMs < firstWaitMs; waitedMs += 20) await sleep(20);
  return {
    waiting: () => asked.size,
    close: async () => {
      over.abort();
      for (const socket of open) socket.destroy();
      await Promise.all(all);
    },
  };
}

/** Resolves when it is closed by either side. */
function oneHalf(login: Login, open: Set<Socket>, asked: Set<Socket>): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(login.port, login.host, () => void socket.write(startupPacket(login)));
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      // A server that lets everybody in would have a whole session here; a refusal holds no slot.
      const isAsked = bytes[0] === authentication && bytes.length >= 9 && bytes.readInt32BE(5) !== 0;
      if (isAsked) asked.add(socket);
      else socket.destroy();
    });
    socket.on('close', () => {
      open.delete(socket);
      asked.delete(socket);
      resolve();
    });
  });
}

function startupPacket({ user, database }: Login): Buffer {
  const words = Buffer.from(
    `user\0${user}\0database\0${database}\0application_name\0poolproof-half-open\0\0`,
  );
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + words.length, 0);
  head.writeInt32BE(protocolVersion, 4);
  return Buffer.concat([head, words]);
}
