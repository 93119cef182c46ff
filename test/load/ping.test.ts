import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeRunClock } from '../../src/base/clock.ts';
import { EnvironmentError } from '../../src/base/errors.ts';
import { keepPinging, pingPlatform } from '../../src/load/ping.ts';

test('without a path the way is timed by connections alone: nothing is asked of the service', async () => {
  let connections = 0;
  let bytes = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('data', (data) => (bytes += data.length)).on('error', () => undefined);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const {
    n,
    p50_us: p50,
    p99_us: p99,
  } = await pingPlatform(`http://127.0.0.1:${port}`, null, makeRunClock(), 20);
  server.close();
  expect({ n, connections, bytes }).toEqual({ n: 20, connections: 21, bytes: 0 });
  expect(p50).toBeGreaterThan(0);
  expect(p99).toBeGreaterThanOrEqual(p50);
});

test('where nothing listens it says so', async () => {
  const ping = pingPlatform('http://127.0.0.1:1', null, makeRunClock(), 1);
  await expect(ping).rejects.toThrow(EnvironmentError);
  await expect(ping).rejects.toThrow('the platform does not answer at http://127.0.0.1:1');
});

test('during load it goes on until it is stopped, and sees what a stalled platform takes', async () => {
  let asked = 0;
  const server = createHttpServer((_, response) => {
    asked += 1;
    setTimeout(() => response.end('pong'), asked === 2 ? 80 : 0);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const pinging = await keepPinging(`http://127.0.0.1:${port}`, '/ping', makeRunClock());
  await delay(450);
  const told = await pinging.stop();
  server.close();
  expect(told?.during).toBe('load');
  expect(told?.n).toBeGreaterThanOrEqual(2);
  expect(told?.p99_us).toBeGreaterThan(79_000);
  const before = asked;
  await delay(150);
  expect(asked).toBe(before);
});
