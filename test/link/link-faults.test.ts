import fc from 'fast-check';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { makeRunClock } from '../../src/base/clock.ts';
import type { LinkEvent } from '../../src/evidence/event.ts';
import { startLink, type RunningLink } from '../../src/link/link.ts';
import { calmLink, type LinkConditions } from '../../src/plan/link-fault.ts';
import { until } from '../support/until.ts';
import { authenticationOk, cut, readyForQuery, startupMessage } from './wire.ts';

const clock = makeRunClock();
const hello = startupMessage({ user: 'app' });
const welcome = Buffer.concat([authenticationOk(), readyForQuery()]);
const terminate = Buffer.from([0x58, 0, 0, 0, 4]);
const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Fixture {
  readonly link: RunningLink;
  readonly events: LinkEvent[];
  /** The server's ends of the connections, in their order. */
  readonly served: Socket[];
}

/** A link to a server of the test. */
async function linkTo(
  serve: (socket: Socket) => void,
  conditions: Partial<LinkConditions> = {},
  {
    socketPaths = [],
    nowUs = () => clock.nowUs(),
  }: { socketPaths?: readonly string[]; nowUs?: () => number } = {},
): Promise<Fixture> {
  const served: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    served.push(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const events: LinkEvent[] = [];
  const link = await startLink({
    upstream: { host: '127.0.0.1', port: portOf(server) },
    clock: { ...clock, nowUs },
    whose: { service: 'api', revision: 'api-1', instance: 'i1' },
    onEvent: (event) => void events.push(event),
    socketPaths,
  });
  cleanups.push(async () => {
    for (const socket of served) socket.destroy();
    server.close();
    await link.close();
  });
  await link.impose({ ...calmLink, ...conditions });
  return { link, events, served };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const whats = ({ events }: Fixture): readonly string[] => events.map((event) => event.what);
const impose = ({ link }: Fixture, conditions: Partial<LinkConditions>): Promise<void> =>
  link.impose({ ...calmLink, ...conditions });

function clientOf({ link }: Fixture, path?: string): Socket {
  const where = path === undefined ? { host: link.host, port: link.port } : { path };
  const client = connect({ ...where, allowHalfOpen: true });
  client.on('error', () => undefined);
  cleanups.push(() => void client.destroy());
  return client;
}

async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function codeOf(socket: Socket): Promise<string | undefined> {
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  return error.code;
}

const postgres = (socket: Socket): void => {
  socket.once('data', () => socket.write(welcome));
  socket.on('end', () => socket.end());
};

/** A session, and how a client of it speaks. */
async function session(fixture: Fixture): Promise<Socket> {
  const client = clientOf(fixture);
  client.write(hello);
  await once(client, 'data');
  return client;
}

const condition = fc.record({
  latencyMs: fc.constantFrom(0, 0, 1, 5),
  jitter: fc.constantFrom(null, null, { delayMs: 3, spreadMs: 3 }),
  bytesPerSec: fc.constantFrom(null, null, 200_000, 5_000_000),
  blackhole: fc.constantFrom(false, false, true),
  refuse: fc.boolean(),
});

test('no byte is lost, altered or overtaken in either direction, whatever is set and cleared meanwhile', async () => {
  const schedule = fc.array(fc.record({ condition, waitMs: fc.nat(4) }), { maxLength: 6 });
  const places = fc.array(fc.nat(), { maxLength: 8 });
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 3000 });
  await fc.assert(
    fc.asyncProperty(schedule, bytes, bytes, places, async (steps, up, down, cuts) => {
      const heard: Buffer[] = [];
      const fixture = await linkTo((socket) => {
        socket.on('data', (chunk: Buffer) => heard.push(chunk));
        for (const chunk of cut(Buffer.from(down), cuts)) socket.write(chunk);
        socket.on('end', () => socket.end());
      });
      const client = clientOf(fixture);
      await until(() => fixture.served.length === 1);
      const received = readAll(client);
      const pieces = cut(Buffer.from(up), cuts);
      for (const [index, step] of steps.entries()) {
        if (pieces[index] !== undefined) client.write(pieces[index]);
        await impose(fixture, step.condition);
        await delay(step.waitMs);
      }
      for (const piece of pieces.slice(steps.length)) client.write(piece);
      client.end();
      // The ends of both directions come while something is wrong, too.
      await delay(steps.at(-1)?.waitMs ?? 0);
      await impose(fixture, {});
      expect(await received).toEqual(Buffer.from(down));
      expect(Buffer.concat(heard)).toEqual(Buffer.from(up));
      await fixture.link.close();
    }),
    { numRuns: 40 },
  );
});

test('a link under latency slows each answer, on connections that were open before as well', async () => {
  const fixture = await linkTo((socket) => socket.pipe(socket));
  const client = clientOf(fixture);
  await once(client, 'connect');
  await impose(fixture, { latencyMs: 80 });
  const beginMs = performance.now();
  client.write('ping');
  await once(client, 'data');
  expect(performance.now() - beginMs).toBeGreaterThanOrEqual(79);
});

test('through a slow line a large answer is not read ahead without bound', async () => {
  const big = Buffer.alloc(8 * 1024 * 1024, 'x');
  let written = 0;
  const fixture = await linkTo(
    (socket) => {
      const write = (): void => {
        while (written < big.length) {
          const more = socket.write(big.subarray(written, written + 65_536));
          written += 65_536;
          if (!more) return;
        }
        socket.end();
      };
      socket.on('drain', write);
      write();
    },
    { bytesPerSec: 1000 },
  );
  const client = clientOf(fixture);
  let read = 0;
  client.on('data', (chunk: Buffer) => (read += chunk.length));
  await delay(400);
  // What the link holds, and what the system buffers on the way; the rest waits at the server.
  expect(written).toBeLessThan(big.length);
  expect(read).toBeLessThan(2000);
  await impose(fixture, {});
  await once(client, 'end');
  expect(read).toBe(big.length);
});

test('into a hole nothing goes, nothing comes, nothing is closed; what was held flows on behind it', async () => {
  const heard: string[] = [];
  const fixture = await linkTo((socket) => {
    postgres(socket);
    socket.on('data', (chunk: Buffer) => heard.push(chunk.toString('latin1')));
  });
  const client = await session(fixture);
  await impose(fixture, { blackhole: true });
  client.write('question');
  fixture.served[0]!.write('answer');
  let got = '';
  client.on('data', (chunk: Buffer) => (got += chunk.toString()));
  await delay(150);
  expect([got, heard.join('').includes('question')]).toEqual(['', false]);
  expect(fixture.link.openSessions()).toBe(1);
  await impose(fixture, {});
  await until(() => got === 'answer' && heard.join('').endsWith('question'));
});

test('a client that dies in a hole leaves its session to Postgres until the hole is gone', async () => {
  const fixture = await linkTo(postgres);
  const client = await session(fixture);
  await impose(fixture, { blackhole: true });
  client.resetAndDestroy();
  await delay(150);
  expect(fixture.link.openSessions()).toBe(1);
  expect(whats(fixture)).toEqual(['attempt', 'session']);
  await impose(fixture, {});
  await until(() => fixture.link.openSessions() === 0);
});

test('what connects into a hole reaches Postgres behind it, unless it has given up', async () => {
  const fixture = await linkTo(postgres, { blackhole: true });
  const patient = clientOf(fixture);
  patient.write(hello);
  const hasty = clientOf(fixture);
  hasty.write(hello);
  await delay(100);
  hasty.destroy();
  await until(() => fixture.events.length === 1);
  expect(fixture.served).toHaveLength(0);
  const [answer] = (await Promise.all([once(patient, 'data'), impose(fixture, {})]))[0] as [Buffer];
  expect(answer).toEqual(welcome);
  expect(fixture.served).toHaveLength(1);
  expect(fixture.events).toMatchObject([
    { what: 'attempt', port: 0 },
    { what: 'attempt' },
    { what: 'session' },
  ]);
});

test('a reset breaks off every open connection, which counts until Postgres has closed it; later ones are none of it', async () => {
  // One of the two backends is busy, and leaves when it has done its work.
  let finish = (): void => undefined;
  const work = new Promise<void>((resolve) => (finish = resolve));
  const fixture: Fixture = await linkTo((socket) => {
    socket.once('data', () => socket.write(welcome));
    socket.on(
      'end',
      () => void (fixture.served[1] === socket ? work : Promise.resolve()).then(() => socket.end()),
    );
  });
  const clients = [await session(fixture), await session(fixture)];
  const codes = Promise.all(clients.map(codeOf));
  expect(fixture.link.reset()).toBe(2);
  expect(await codes).toEqual(['ECONNRESET', 'ECONNRESET']);
  await until(() => fixture.events.length === 5);
  expect(fixture.link.openSessions()).toBe(1);
  expect(fixture.link.sessionsLeft()).toBe(1);
  finish();
  await until(() => fixture.events.length === 6);
  expect(whats(fixture).slice(-2)).toEqual(['close', 'close']);
  expect(fixture.link.reset()).toBe(0);
  // Their clients did not leave them behind.
  expect(fixture.link.sessionsLeft()).toBe(0);
  await session(fixture);
});

test('a link that refuses takes nobody, keeps who is there, and listens where it did afterwards', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pp-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const path = join(folder, '.s.PGSQL.5432');
  const fixture = await linkTo(postgres, {}, { socketPaths: [path] });
  const { port } = fixture.link;
  const early = await session(fixture);
  for (let round = 0; round < 2; round += 1) {
    await impose(fixture, { refuse: true });
    expect(await codeOf(clientOf(fixture))).toBe('ECONNREFUSED');
    expect(await codeOf(clientOf(fixture, path))).toBe('ECONNREFUSED');
    fixture.served[0]!.write('still here');
    expect(String(await once(early, 'data'))).toBe('still here');
    await impose(fixture, {});
    await session(fixture);
    const local = clientOf(fixture, path);
    local.write(hello);
    await once(local, 'data');
  }
  expect(fixture.link.port).toBe(port);
});

test('a link that refuses can be closed, and stays closed', async () => {
  const fixture = await linkTo(postgres, { refuse: true });
  await fixture.link.close();
  await impose(fixture, {});
  expect(await codeOf(clientOf(fixture))).toBe('ECONNREFUSED');
});

test('sessions left: of a client that died, not of one that said goodbye or that Postgres closed', async () => {
  let nowUs = 0;
  const fixture = await linkTo(postgres, {}, { nowUs: () => nowUs });
  const [died, left, closed] = [await session(fixture), await session(fixture), await session(fixture)];
  fixture.served[2]!.end();
  await once(closed, 'end');
  closed.end();
  left.end(terminate);
  await until(() => fixture.link.openSessions() === 1);
  expect(fixture.link.sessionsLeft()).toBe(1);
  died.resetAndDestroy();
  await until(() => fixture.link.openSessions() === 0);
  expect(fixture.link.sessionsLeft()).toBe(1);
  // It is asked for the last moment alone.
  nowUs += 251_000;
  expect(fixture.link.sessionsLeft()).toBe(0);
});
