import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { headerList } from '../../../src/load/request/http-request.ts';
import type { Connection } from '../../../src/load/transport.ts';
import { makeTransport } from '../../../src/load/wire/make-transport.ts';
import { undiciTransport } from '../../../src/load/wire/undici-connection.ts';
import { startScripted } from '../../cases/connection-server.ts';

const clock = makeRunClock();
const setting = { clock, connections: 'keep_alive' } as const;
const request = { method: 'GET', path: '/', headers: headerList([]), extra: [], body: null, keepBytes: 0 };

/** So many versions of undici before 7.30.2 and 8.10.1 waited 1 ms, or up to 500 ms, before a write on an idle socket. */
const stallUs = 1000;

/**
 * Undici looks at an idle socket before it writes: a stall there would stand in every latency that is measured at
 * a low rate, or in the lane's lag. Both adapters send to the same server, taking turns; what undici adds to
 * each stays below the shortest stall that it ever had.
 */
test('nothing of undici stalls on an idle socket, neither in the measured latency nor before the sending', async () => {
  const server = await startScripted(
    (_, socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    null,
  );
  onTestFinished(() => server.stop());
  const ways = {
    http: (await makeTransport(server.address, setting)).connect(),
    undici: undiciTransport(new URL(server.address), setting).connect(),
  };
  onTestFinished(() => Object.values(ways).forEach((connection) => connection.destroy()));
  const took = { http: [] as Timed[], undici: [] as Timed[] };
  for (let nth = 0; nth < 150; nth += 1)
    for (const way of ['http', 'undici'] as const) {
      took[way].push(await time(ways[way]));
      await delay(3);
    }
  expect(new Set(server.seen.map(({ socket }) => socket)).size).toBe(2);
  expect(middle(took.undici, 'serviceUs') - middle(took.http, 'serviceUs')).toBeLessThan(stallUs * 0.8);
  expect(middle(took.undici, 'waitedUs') - middle(took.http, 'waitedUs')).toBeLessThan(stallUs * 0.8);
});

interface Timed {
  /** From the hand-over to the connection until the request went to its socket. */
  readonly waitedUs: number;
  readonly serviceUs: number;
}

function time(connection: Connection): Promise<Timed> {
  return new Promise((resolve) => {
    connection.onEnd = () => {
      const { sentUs, endedUs } = connection;
      resolve({ waitedUs: sentUs - handedUs, serviceUs: endedUs - sentUs });
    };
    const handedUs = clock.nowUs();
    connection.send(request);
  });
}

function middle(all: readonly Timed[], what: keyof Timed): number {
  const sorted = all.map((timed) => timed[what]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
