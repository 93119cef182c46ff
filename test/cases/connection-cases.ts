import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { makeRunClock } from '../../src/base/clock.ts';
import { InputError } from '../../src/base/errors.ts';
import { headerList, type HttpRequest } from '../../src/load/request/http-request.ts';
import type { Connection, Transport, WireEnd } from '../../src/load/transport.ts';
import type { TransportSetting } from '../../src/load/transport.ts';
import type { Certificate } from '../support/certificates.ts';
import { addressOf, startScripted, type Script, type ScriptedServer } from './connection-server.ts';

/** What the cases need of an adapter. */
export interface ConnectionCase {
  /** Of the server; null for plain HTTP. */
  readonly certificate: () => Certificate | null;
  readonly make: (
    address: string,
    setting: Pick<TransportSetting, 'clock' | 'connections'>,
  ) => Transport | Promise<Transport>;
  /**
   * Whether it is undici: that takes an unasked-for `100 Continue` for a broken connection, and goes on using
   * a connection whose last request is not yet written whole.
   */
  readonly isUndici: boolean;
}

const clock = makeRunClock();
const headers = headerList(['user-agent', 'poolproof', 'x-route', 'read']);
const small = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** What every way of sending has to fulfil. */
export function describeConnection(name: string, { certificate, make, isUndici }: ConnectionCase): void {
  const serve = async (script: Script): Promise<ScriptedServer> => {
    const server = await startScripted(script, certificate());
    onTestFinished(() => server.stop());
    return server;
  };
  const say =
    (answer: string): Script =>
    (_, socket) =>
      void socket.write(answer, 'latin1');
  const transportTo = async (
    { address }: Pick<ScriptedServer, 'address'>,
    connections: TransportSetting['connections'] = 'keep_alive',
  ): Promise<Transport> => make(address, { clock, connections });
  const connectTo = async (
    server: Pick<ScriptedServer, 'address'>,
    connections?: TransportSetting['connections'],
  ): Promise<Connection> => {
    const connection = (await transportTo(server, connections)).connect();
    onTestFinished(() => connection.destroy());
    return connection;
  };
  /** Sends one request to a server that says this. */
  const hear = async (answer: string): Promise<Connection> => {
    const connection = await connectTo(await serve(say(answer)));
    await ask(connection);
    return connection;
  };

  describe(name, () => {
    afterEach(() => expect(stray.splice(0)).toEqual([]));

    test('carries one request after the other over one socket', async () => {
      const server = await serve(say(small));
      const connection = await connectTo(server);
      expect(connection.isUsable(clock.nowUs())).toBe(true);
      for (let nth = 0; nth < 3; nth += 1) {
        expect(await ask(connection, { path: `/orders/${nth}?full=1` })).toBe('answered');
        expect(connection.incoming).toMatchObject({ status: 200, bytes: 2, body: null });
        expect(connection.isUsable(clock.nowUs())).toBe(true);
      }
      expect(server.seen.map(({ socket }) => socket)).toEqual([0, 0, 0]);
      expect(linesOf(server.seen[2]?.head)).toEqual([
        'GET /orders/2?full=1 HTTP/1.1',
        `host: ${new URL(server.address).host}`,
        'connection: keep-alive',
        'user-agent: poolproof',
        'x-route: read',
      ]);
    });

    test('can send the next request as soon as it tells of an end', async () => {
      const server = await serve(say(small));
      const connection = await connectTo(server);
      let sent = 0;
      const ends: WireEnd[] = [];
      await new Promise<void>((resolve) => {
        const next = (): void => {
          sent += 1;
          connection.send(request());
        };
        connection.onEnd = (end) => {
          ends.push(end);
          if (end === 'broken' || sent === 200) resolve();
          else next();
        };
        next();
      });
      expect(countOf(ends, 'answered')).toBe(200);
      expect(new Set(server.seen.map(({ socket }) => socket)).size).toBe(1);
    });

    test('sends headers of one request alone', async () => {
      const server = await serve(say(small));
      const connection = await connectTo(server);
      await ask(connection, { extra: ['cookie', 'a=1', 'authorization', 'Bearer t'] });
      await ask(connection);
      expect(linesOf(server.seen[0]?.head)).toEqual(
        expect.arrayContaining(['x-route: read', 'cookie: a=1', 'authorization: Bearer t']),
      );
      expect(server.seen[1]?.head).not.toMatch(/cookie|authorization/);
    });

    test('fresh: says that it closes, closes, and can not be used again', async () => {
      const server = await serve(say(small));
      const transport = await transportTo(server, 'fresh');
      for (let nth = 0; nth < 3; nth += 1) {
        const connection = transport.connect();
        expect(await ask(connection)).toBe('answered');
        expect(connection.isUsable(clock.nowUs())).toBe(false);
      }
      expect(server.seen.map(({ socket }) => socket)).toEqual([0, 1, 2]);
      for (const { head } of server.seen) expect(linesOf(head)).toContain('connection: close');
      await until(() => server.open.size === 0);
    });

    test('writes the length of a body in bytes, and a body of any characters', async () => {
      const server = await serve(say(small));
      const connection = await connectTo(server);
      const bodies = ['{"sku":"a"}', '{"sku":"ž€😀\ud800"}', 'ÿé', '', null];
      for (const body of bodies) await ask(connection, { method: 'POST', body });
      expect(server.seen.map(({ body }) => body.toString())).toEqual([
        '{"sku":"a"}',
        '{"sku":"ž€😀\ufffd"}',
        'ÿé',
        '',
        '',
      ]);
      expect(server.seen.map(({ head }) => /^content-length: .*$/m.exec(head)?.[0])).toEqual([
        'content-length: 11',
        'content-length: 22',
        'content-length: 4',
        'content-length: 0',
        'content-length: 0',
      ]);
      expect(server.seen.every(({ socket }) => socket === 0)).toBe(true);
    });

    test('writes a large body whole', async () => {
      const server = await serve(say(small));
      const body = 'x'.repeat(2_000_000);
      expect(await ask(await connectTo(server), { method: 'PUT', body })).toBe('answered');
      expect(server.seen[0]?.body.length).toBe(body.length);
    });

    test('reads chunks, whatever is written around and after them, and goes on', async () => {
      const chunked =
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n' +
        '5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nx-sum: 1\r\n\r\n';
      const server = await serve((_, socket) => void sendInPieces(socket, Buffer.from(chunked), 3));
      const connection = await connectTo(server);
      for (let nth = 0; nth < 2; nth += 1) {
        expect(await ask(connection, { keepBytes: 100 })).toBe('answered');
        expect(connection.incoming.bytes).toBe(11);
        expect(String(connection.incoming.body)).toBe('hello world');
      }
      expect(server.seen.map(({ socket }) => socket)).toEqual([0, 0]);
    });

    test('reads until the close where the answer does not say its length', async () => {
      const server = await serve((_, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'));
      const connection = await connectTo(server);
      expect(await ask(connection, { keepBytes: 5 })).toBe('answered');
      expect(connection.incoming).toMatchObject({ status: 200, bytes: 13 });
      expect(String(connection.incoming.body)).toBe('until');
      expect(connection.isUsable(clock.nowUs())).toBe(false);
    });

    test('expects no body after HEAD, 204 and 304', async () => {
      const answers: Readonly<Record<string, string>> = {
        HEAD: 'HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 500\r\n\r\n',
        DELETE: 'HTTP/1.1 204 No Content\r\n\r\n',
        GET: 'HTTP/1.1 304 Not Modified\r\netag: "1"\r\n\r\n',
      };
      const server = await serve(({ head }, socket) => void socket.write(answers[head.split(' ')[0]!]!));
      const connection = await connectTo(server);
      for (const method of ['HEAD', 'DELETE', 'GET', 'HEAD', 'GET']) {
        expect(await ask(connection, { method, keepBytes: 10 })).toBe('answered');
        expect(connection.incoming.bytes).toBe(0);
      }
      expect(server.seen.map(({ socket }) => socket)).toEqual([0, 0, 0, 0, 0]);
    });

    test('expects no body after a 304 that says how long another answer would be', async () => {
      const connection = await hear('HTTP/1.1 304 Not Modified\r\ncontent-length: 500\r\n\r\n');
      expect(connection.incoming).toMatchObject({ status: 304, bytes: 0 });
      expect(connection.brokenBy).toBeNull();
    });

    test('passes over interim answers', async () => {
      const early = 'HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n';
      const connection = await hear(`${early}${early}${small}`);
      expect(connection.incoming).toMatchObject({ status: 200, bytes: 2 });
      expect(connection.incoming.headers).not.toHaveProperty('link');
      expect(connection.isUsable(clock.nowUs())).toBe(true);
    });

    test.skipIf(isUndici)('passes over a 100 Continue that nobody asked for', async () => {
      const connection = await hear(`HTTP/1.1 100 Continue\r\n\r\n${small}`);
      expect(connection.incoming).toMatchObject({ status: 200, bytes: 2 });
    });

    test('counts a big body and keeps no more of it than was wanted', async () => {
      const body = Buffer.alloc(3_000_000, 'abcdefghij');
      const server = await serve((_, socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
        socket.write(body);
      });
      const connection = await connectTo(server);
      expect(await ask(connection, { keepBytes: 100_001 })).toBe('answered');
      expect(connection.incoming.bytes).toBe(body.length);
      expect(connection.incoming.body?.equals(body.subarray(0, 100_001))).toBe(true);
      expect(connection.isUsable(clock.nowUs())).toBe(true);
    });

    test('gives headers in lower case, repeated ones as a list', async () => {
      const connection = await hear(
        'HTTP/1.1 200 Fine Indeed\r\nX-Error-Code:  shed\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=\xe9\r\n' +
          'constructor: x\r\nEmpty:\r\nContent-Length: 0\r\n\r\n',
      );
      expect({ ...connection.incoming.headers }).toEqual({
        'x-error-code': 'shed',
        'set-cookie': ['a=1; Path=/', 'b=\xe9'],
        constructor: 'x',
        empty: '',
        'content-length': '0',
      });
    });

    test('is not usable after an answer that says so', async () => {
      for (const said of ['connection: close', 'keep-alive: timeout=1']) {
        const connection = await hear(small.replace('\r\n\r\n', `\r\n${said}\r\n\r\n`));
        expect(connection.isUsable(connection.endedUs)).toBe(false);
      }
    });

    test('is not usable after an answer of HTTP/1.0', async () => {
      const connection = await hear(small.replace('1.1', '1.0'));
      expect(connection.incoming.status).toBe(200);
      await until(() => !connection.isUsable(connection.endedUs));
    });

    test('is trusted for four seconds without use, or one second less than the server says', async () => {
      const usual = await hear(small);
      const hinted = await hear(small.replace('\r\n\r\n', '\r\nkeep-alive: timeout=3, max=100\r\n\r\n'));
      const usableAfter = (connection: Connection, seconds: number): boolean =>
        connection.isUsable(connection.endedUs + seconds * 1e6);
      expect([3.9, 4.1].map((seconds) => usableAfter(usual, seconds))).toEqual([true, false]);
      expect([1.9, 2.1].map((seconds) => usableAfter(hinted, seconds))).toEqual([true, false]);
    });

    test('is not usable once the server has closed it, and no request is lost', async () => {
      const server = await serve((_, socket) => {
        socket.write(small);
        setTimeout(() => socket.end(), 30);
      });
      const transport = await transportTo(server);
      for (let nth = 0; nth < 3; nth += 1) {
        const connection = transport.connect();
        expect(await ask(connection)).toBe('answered');
        expect(connection.isUsable(clock.nowUs())).toBe(true);
        await until(() => !connection.isUsable(connection.endedUs));
        connection.destroy();
      }
      expect(server.seen).toHaveLength(3);
    });

    test('is not usable once the server has reset it while nothing was on its way', async () => {
      const server = await serve((_, socket, reset) => {
        socket.write(small);
        setTimeout(reset, 30);
      });
      const connection = await connectTo(server);
      expect(await ask(connection)).toBe('answered');
      await until(() => !connection.isUsable(connection.endedUs));
    });

    test('is not usable once something came that nobody asked for', async () => {
      const server = await serve((_, socket) => {
        socket.write(small);
        setTimeout(() => socket.write('HTTP/1.1 408 Request Timeout\r\n\r\n'), 30);
      });
      const connection = await connectTo(server);
      expect(await ask(connection)).toBe('answered');
      expect(connection.isUsable(clock.nowUs())).toBe(true);
      await until(() => !connection.isUsable(connection.endedUs));
      expect(connection.incoming.status).toBe(200);
    });

    test('broken: reset within an answer, with what was seen of it', async () => {
      const server = await serve((_, socket, reset) => {
        socket.write('HTTP/1.1 200 OK\r\nx-instance: i-1\r\ncontent-length: 1000\r\n\r\nhello');
        setTimeout(reset, 50);
      });
      const connection = await connectTo(server);
      expect(await ask(connection, { keepBytes: 3 })).toBe('broken');
      expect(connection.incoming).toMatchObject({
        status: 200,
        headers: { 'x-instance': 'i-1' },
        bytes: 5,
      });
      expect(String(connection.incoming.body)).toBe('hel');
      expect(connection.brokenBy).toBe('ECONNRESET');
      expect(connection.isUsable(clock.nowUs())).toBe(false);
    });

    test('broken: closed before the answer, or within it', async () => {
      const beginnings = [
        '',
        'HTT',
        'HTTP/1.1 200 OK\r\nx: ',
        'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello',
      ];
      const chunks = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n';
      for (const beginning of [...beginnings, chunks]) {
        const connection = await connectTo(await serve((_, socket) => socket.end(beginning)));
        expect(await ask(connection), beginning).toBe('broken');
        expect(connection.brokenBy, beginning).toBe('closed');
        expect(connection.isUsable(clock.nowUs())).toBe(false);
      }
    });

    test('broken: closed after an interim answer, of which nothing is told', async () => {
      const server = await serve((_, socket) => socket.end('HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n'));
      const connection = await connectTo(server);
      expect(await ask(connection)).toBe('broken');
      expect(connection.incoming.status).toBeNull();
      expect(connection.incoming.headers).not.toHaveProperty('x');
    });

    test('broken: nobody listens', async () => {
      const connection = await connectTo({ address: await unusedAddress(certificate() !== null) });
      expect(await ask(connection)).toBe('broken');
      expect(connection.incoming.status).toBeNull();
      expect(connection.brokenBy).toBe('ECONNREFUSED');
      expect(connection.isUsable(clock.nowUs())).toBe(false);
    });

    test.each([
      ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
      ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
      ['a header without a colon', 'HTTP/1.1 200 OK\r\nnothing\r\n\r\n'],
      [
        'a length and a coding',
        'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\nok',
      ],
      ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'],
      ['a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: 2x\r\n\r\nok'],
      ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nok\r\n'],
      ['a chunk longer than its size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nok\r\n'],
      ['a head without end', `HTTP/1.1 200 OK\r\n${'x-fill: 0123456789\r\n'.repeat(6000)}`],
    ])('broken: %s', async (_, answer) => {
      const connection = await hear(answer);
      expect(connection.brokenBy).toBe('malformed');
      expect(connection.isUsable(clock.nowUs())).toBe(false);
    });

    test('says nothing after it was destroyed, and closes its socket', async () => {
      const server = await serve((_, socket) => void socket.write(small.slice(0, -1)));
      const ends: WireEnd[] = [];
      const connection = await connectTo(server);
      connection.onEnd = (end) => void ends.push(end);
      connection.send(request());
      await until(() => connection.incoming.bytes === 1);
      connection.destroy();
      expect(connection.incoming).toMatchObject({ status: 200, bytes: 1 });
      expect(connection.isUsable(clock.nowUs())).toBe(false);
      await until(() => server.open.size === 0);
      await delay(20);
      expect(ends).toEqual([]);
    });

    test('says nothing after it was destroyed while its socket was being opened, or before', async () => {
      const server = await serve(say(small));
      const ends: WireEnd[] = [];
      for (const address of [server.address, await unusedAddress(certificate() !== null)]) {
        const connection = await connectTo({ address });
        connection.onEnd = (end) => void ends.push(end);
        connection.send(request());
        connection.destroy();
      }
      const unused = await connectTo(server);
      unused.destroy();
      expect(unused.isUsable(clock.nowUs())).toBe(false);
      await delay(100);
      expect(ends).toEqual([]);
      expect(server.open.size).toBe(0);
    });

    test.skipIf(isUndici)(
      'an answer before the request was written whole ends the use of the connection',
      async () => {
        let paused = false;
        const server = await serve(() => undefined);
        const connection = await connectTo(server);
        const asked = ask(connection, { method: 'POST', body: 'x'.repeat(20_000_000) });
        await until(() => server.open.size === 1);
        for (const socket of server.open) {
          socket.pause();
          paused = true;
          socket.write('HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n');
        }
        expect(paused).toBe(true);
        expect(await asked).toBe('answered');
        expect(connection.incoming.status).toBe(413);
        await until(() => !connection.isUsable(connection.endedUs));
      },
    );

    test('times an exchange from its sending to its last byte', async () => {
      const server = await serve((_, socket) => {
        socket.write(small.slice(0, -1));
        setTimeout(() => socket.write(small.slice(-1)), 60);
      });
      const connection = await connectTo(server);
      for (let nth = 0; nth < 2; nth += 1) {
        const beforeUs = clock.nowUs();
        await ask(connection);
        const { sentUs, endedUs } = connection;
        expect(sentUs).toBeGreaterThanOrEqual(beforeUs);
        expect(endedUs - sentUs).toBeGreaterThanOrEqual(59_000);
        expect(clock.nowUs()).toBeGreaterThanOrEqual(endedUs);
      }
    });

    test('throws for a request that can not be written, and stays as it was', async () => {
      const server = await serve(say(small));
      const connection = await connectTo(server);
      const unwritable: readonly Partial<HttpRequest>[] = [
        { path: '/a b' },
        { path: '/ž' },
        { path: '/a\r\nx: y' },
        { path: 'orders' },
        { method: 'G T' },
        { extra: ['cookie', 'a=\n'] },
        { extra: ['coo kie', 'a'] },
      ];
      for (const wanted of unwritable) expect(() => connection.send(request(wanted))).toThrow(InputError);
      expect(connection.isUsable(clock.nowUs())).toBe(true);
      expect(await ask(connection)).toBe('answered');
      expect(server.seen).toHaveLength(1);
    });

    test('keeps the answers of many connections apart', async () => {
      const server = await serve(({ head }, socket) => {
        const id = /^GET \/(\S+)/.exec(head)![1]!;
        const body = `${id},`.repeat(1 + (Number(id.split('-')[1]) % 400));
        const answer = `HTTP/1.1 200 OK\r\nx-id: ${id}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
        void sendInPieces(socket, Buffer.from(answer), 4);
      });
      const transport = await transportTo(server);
      const wrong: string[] = [];
      const run = async (lane: number): Promise<void> => {
        const connection = transport.connect();
        onTestFinished(() => connection.destroy());
        for (let nth = 0; nth < 20; nth += 1) {
          const id = `${lane}-${nth * 29}`;
          const end = await ask(connection, { path: `/${id}`, keepBytes: 10_000 });
          const { headers, body } = connection.incoming;
          const expected = `${id},`.repeat(1 + ((nth * 29) % 400));
          if (end !== 'answered' || headers['x-id'] !== id || String(body) !== expected) wrong.push(id);
        }
      };
      await Promise.all(Array.from({ length: 20 }, (_, lane) => run(lane)));
      expect(wrong).toEqual([]);
      expect(server.seen).toHaveLength(400);
    });
  });
}

function request(wanted: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', path: '/', headers, extra: [], body: null, keepBytes: 0, ...wanted };
}

/** Ends that were told for no request. */
const stray: WireEnd[] = [];

/** Sends, and waits for the end; which never comes from within the sending, and once. */
function ask(connection: Connection, wanted: Partial<HttpRequest> = {}): Promise<WireEnd> {
  return new Promise((resolve, reject) => {
    let isSending = true;
    connection.onEnd = (end) => {
      connection.onEnd = (another) => void stray.push(another);
      if (isSending) reject(new Error('told from within send'));
      else resolve(end);
    };
    connection.send(request(wanted));
    isSending = false;
  });
}

async function sendInPieces(
  socket: { write(bytes: Buffer): boolean },
  bytes: Buffer,
  pieces: number,
): Promise<void> {
  const length = Math.ceil(bytes.length / pieces);
  for (let at = 0; at < bytes.length; at += length) {
    socket.write(bytes.subarray(at, at + length));
    await delay(1);
  }
}

/** Waits until it holds, for two seconds or so at most. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !holds(); tries += 1) await delay(10);
  expect(holds()).toBe(true);
}

async function unusedAddress(isSecure: boolean): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return addressOf(port, isSecure);
}

function linesOf(head: string | undefined): readonly string[] {
  return (head ?? '').split('\r\n').filter((line) => line !== '');
}

function countOf<T>(items: readonly T[], wanted: T): number {
  return items.filter((item) => item === wanted).length;
}
