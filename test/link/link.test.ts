import fc from 'fast-check';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { makeRunClock } from '../../src/base/clock.ts';
import type { LinkEvent } from '../../src/evidence/event.ts';
import { startLink, type RunningLink } from '../../src/link/link.ts';
import {
  authenticationOk,
  cancelRequest,
  cut,
  errorResponse,
  readyForQuery,
  sslRequest,
  startupMessage,
} from './wire.ts';

const whose = { service: 'api', revision: 'api-00001-abc', instance: 'i1' };
const hello = startupMessage({ user: 'app', application_name: 'x' });
const welcome = Buffer.concat([authenticationOk(), readyForQuery()]);
const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function upstreamThat(serve: (socket: Socket) => void): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server;
}

async function linkTo(
  port: number,
  socketPaths: readonly string[] = [],
): Promise<{ link: RunningLink; events: LinkEvent[] }> {
  const events: LinkEvent[] = [];
  const link = await startLink({
    upstream: { host: '127.0.0.1', port },
    clock: makeRunClock(),
    whose,
    onEvent: (event) => events.push(event),
    socketPaths,
  });
  cleanups.push(() => link.close());
  return { link, events };
}

function clientOf(link: RunningLink): Socket {
  const client = connect({ host: link.host, port: link.port, allowHalfOpen: true });
  client.on('error', () => undefined);
  cleanups.push(() => void client.destroy());
  return client;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const whats = (events: readonly LinkEvent[]): readonly string[] => events.map((event) => event.what);

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !condition(); tries += 1) await delay(10);
  expect(condition()).toBe(true);
}

test('carries every byte both ways, whatever the chunks', async () => {
  const echo = await upstreamThat((socket) => socket.pipe(socket));
  const { link } = await linkTo(portOf(echo));
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 5000 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      async (bytes, places) => {
        const client = clientOf(link);
        for (const chunk of cut(Buffer.from(bytes), places)) client.write(chunk);
        client.end();
        expect(await readAll(client)).toEqual(Buffer.from(bytes));
      },
    ),
    { numRuns: 40 },
  );
});

test('keeps the pace of a slow reader and loses nothing of 16 MiB', async () => {
  const big = Buffer.alloc(16 * 1024 * 1024, 'x');
  const source = await upstreamThat((socket) => socket.end(big));
  const { link } = await linkTo(portOf(source));
  const client = clientOf(link);
  client.pause();
  await delay(100);
  expect((await readAll(client)).equals(big)).toBe(true);
});

test('counts attempt, session and close under the port that the server saw, with role and name', async () => {
  let seenPort = 0;
  const server = await upstreamThat((socket) => {
    seenPort = socket.remotePort ?? 0;
    socket.once('data', () => socket.write(welcome));
    socket.on('end', () => socket.end());
  });
  const { link, events } = await linkTo(portOf(server));
  const client = clientOf(link);
  client.write(hello);
  await once(client, 'data');
  expect(link.openSessions()).toBe(1);
  client.end();
  await until(() => events.length === 3);
  expect(link.openSessions()).toBe(0);
  const common = { ...whose, kind: 'link', port: seenPort, role: 'app', application_name: 'x' };
  expect(events).toMatchObject([
    { ...common, what: 'attempt' },
    { ...common, what: 'session' },
    { ...common, what: 'close', was_session: true },
  ]);
});

test('a session that is granted after its client has gone still counts', async () => {
  const server = await upstreamThat((socket) => {
    socket.once('data', () => setTimeout(() => socket.write(welcome), 150));
    setTimeout(() => socket.end(), 300);
  });
  const { link, events } = await linkTo(portOf(server));
  const client = clientOf(link);
  client.write(hello);
  await delay(50);
  client.resetAndDestroy();
  await until(() => events.some((event) => event.what === 'close'));
  expect(whats(events)).toEqual(['attempt', 'session', 'close']);
});

test('a refusal reaches the client unchanged and is counted with its SQLSTATE', async () => {
  const refusal = errorResponse('53300', 'sorry, too many clients already');
  const server = await upstreamThat((socket) => socket.once('data', () => socket.end(refusal)));
  const { link, events } = await linkTo(portOf(server));
  const client = clientOf(link);
  client.write(hello);
  expect(await readAll(client)).toEqual(refusal);
  client.end();
  await until(() => events.length === 3);
  expect(events).toMatchObject([
    { what: 'attempt' },
    { what: 'refused', sqlstate: '53300', message: 'sorry, too many clients already' },
    { what: 'close', was_session: false },
  ]);
});

test('an unreachable server is an attempt that was refused, and the client is cut', async () => {
  const server = await upstreamThat(() => undefined);
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  const { link, events } = await linkTo(port);
  const client = clientOf(link);
  client.write(hello);
  await new Promise((resolve) => client.once('close', resolve));
  expect(events).toMatchObject([
    { what: 'attempt', port: 0 },
    { what: 'refused', port: 0, sqlstate: null, message: 'ECONNREFUSED' },
  ]);
});

test('a cancel request is no attempt at a session', async () => {
  let seen = 0;
  const server = await upstreamThat((socket) => {
    socket.on('data', (bytes) => (seen += bytes.length));
    socket.on('end', () => socket.end());
  });
  const { link, events } = await linkTo(portOf(server));
  const client = clientOf(link);
  client.end(cancelRequest());
  await once(client.resume(), 'end');
  expect(seen).toBe(16);
  expect(events).toEqual([]);
});

test('under TLS connections are counted, and nothing is claimed of sessions', async () => {
  const server = await upstreamThat((socket) => {
    socket.once('data', () => socket.write('S'));
    socket.on('end', () => socket.end());
  });
  const { link, events } = await linkTo(portOf(server));
  const client = clientOf(link);
  client.write(sslRequest());
  await once(client, 'data');
  expect(link.openSessions()).toBe(1);
  client.end();
  await until(() => events.length === 2);
  expect(whats(events)).toEqual(['attempt', 'close']);
  expect(events[1]).not.toHaveProperty('was_session');
});

test('draining takes no new connection and waits for the ones that are open', async () => {
  const server = await upstreamThat((socket) => {
    socket.once('data', () => socket.write(welcome));
    socket.on('end', () => socket.end());
  });
  const { link } = await linkTo(portOf(server));
  const client = clientOf(link);
  client.write(hello);
  await once(client, 'data');
  let drained = false;
  const draining = link.drain().then(() => (drained = true));
  const late = clientOf(link);
  const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
  expect(drained).toBe(false);
  client.end();
  await draining;
});

test('close cuts what is open and says so', async () => {
  const server = await upstreamThat((socket) => socket.once('data', () => socket.write(welcome)));
  const { link, events } = await linkTo(portOf(server));
  const client = clientOf(link);
  client.write(hello);
  await once(client, 'data');
  await link.close();
  expect(whats(events)).toEqual(['attempt', 'session', 'close']);
});

async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pp-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  return folder;
}

test('a client of the unix socket is carried and counted as one of the port is', async () => {
  const server = await upstreamThat((socket) => {
    socket.once('data', () => socket.write(welcome));
    socket.on('end', () => socket.end());
  });
  const path = join(await freshFolder(), '.s.PGSQL.5432');
  const { link, events } = await linkTo(portOf(server), [path]);
  const client = connect({ path, allowHalfOpen: true });
  client.write(hello);
  expect(await once(client, 'data')).toEqual([welcome]);
  expect(link.openSessions()).toBe(1);
  client.end();
  await until(() => events.length === 3);
  expect(whats(events)).toEqual(['attempt', 'session', 'close']);
  await link.close();
  expect(existsSync(path)).toBe(false);
});

test('a client of the unix socket is cut when the server can not be reached', async () => {
  const gone = await upstreamThat(() => undefined);
  const port = portOf(gone);
  gone.close();
  const path = join(await freshFolder(), 's');
  const { events } = await linkTo(port, [path]);
  const client = connect({ path });
  await once(client, 'close');
  expect(whats(events)).toEqual(['attempt', 'refused']);
});

test('a link that can not listen on its socket leaves nothing behind', async () => {
  const path = join(await freshFolder(), 'nowhere', 's');
  await expect(linkTo(1, [path])).rejects.toThrow(/EACCES|ENOENT|nowhere/);
});
