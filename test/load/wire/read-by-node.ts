import { request } from 'node:http';
import { Duplex } from 'node:stream';

/** What Node's own client makes of an answer. */
export interface NodeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** Has Node's client read an answer that ends with its connection; null where it refuses. */
export function readByNode(bytes: Buffer, method: string): Promise<NodeAnswer | null> {
  return new Promise((resolve) => {
    const socket = new Duplex({ read: () => undefined, write: (_, __, done) => done() });
    const refuse = (): void => resolve(null);
    const call = request({ method, createConnection: () => socket, maxHeaderSize: 65_536 }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('error', refuse);
      answer.on('close', () => (answer.complete ? undefined : refuse()));
      answer.on('end', () => {
        const headers = collected(answer.rawHeaders);
        resolve({ status: answer.statusCode ?? 0, headers, body: Buffer.concat(pieces) });
      });
    });
    call.on('error', refuse);
    call.on('upgrade', refuse);
    call.end();
    setImmediate(() => {
      socket.push(bytes);
      socket.push(null);
    });
  });
}

function collected(pairs: readonly string[]): Record<string, string | string[]> {
  const headers = Object.create(null) as Record<string, string | string[]>;
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const name = (pairs[at] ?? '').toLowerCase();
    const value = (pairs[at + 1] ?? '').replace(/^[ \t]+|[ \t]+$/g, '');
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}
