import { expect, onTestFinished, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { headerList } from '../../../src/load/request/http-request.ts';
import type { Connection } from '../../../src/load/transport.ts';
import { makeTransport } from '../../../src/load/wire/make-transport.ts';
import { startScripted } from '../../cases/connection-server.ts';

const clock = makeRunClock();
const request = { method: 'GET', path: '/', headers: headerList([]), extra: [], body: null, keepBytes: 0 };
const busyUs = 60_000;

/** Sends, keeps the thread busy before the event loop can go on, and waits for the answer. */
function sendAndBeBusy(connection: Connection): Promise<number> {
  return new Promise((resolve) => {
    const handedUs = clock.nowUs();
    connection.onEnd = () => resolve(handedUs);
    connection.send(request);
    while (clock.nowUs() < handedUs + busyUs);
  });
}

test('on loopback a request is sent when its bytes leave: not before its socket has connected', async () => {
  const server = await startScripted(
    (_, socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    null,
  );
  onTestFinished(() => server.stop());
  const connection = (await makeTransport(server.address, { clock, connections: 'keep_alive' })).connect();
  onTestFinished(() => connection.destroy());

  const first = await sendAndBeBusy(connection);
  expect(connection.sentUs - first).toBeGreaterThanOrEqual(busyUs);
  expect(connection.connectUs).toBeGreaterThanOrEqual(busyUs);

  // Written within `send`, whatever the thread does afterwards.
  const second = await sendAndBeBusy(connection);
  expect(connection.sentUs - second).toBeLessThan(busyUs);
  expect(connection.connectUs).toBeNull();
});
