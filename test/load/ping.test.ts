import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { makeRunClock } from '../../src/base/clock.ts';
import { EnvironmentError } from '../../src/base/errors.ts';
import { pingPlatform } from '../../src/load/ping.ts';

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
