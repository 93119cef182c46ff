import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import type { Answered, Destination, Exchange } from '../../../src/platform/local/request/exchange.ts';
import {
  openFront,
  pingPath,
  type FrontOrders,
  type RunningFront,
} from '../../../src/platform/local/request/front-proxy.ts';
import { FakeInstance } from '../service/fake-instance.ts';

const fronts: RunningFront[] = [];
afterEach(() => {
  for (const front of fronts.splice(0)) front.close();
});

/** A front with one instance behind it, which answers when the test says so. */
interface Bench {
  readonly url: string;
  readonly instance: FakeInstance;
  /** What the platform answered by itself. */
  readonly answered: Answered[];
  /** How many places were given back. */
  readonly released: () => number;
  readonly waiting: Exchange[];
}

interface Shape {
  readonly timeoutMs?: number;
  readonly slotAfterTimeout?: FrontOrders['slotAfterTimeout'];
  readonly maxBodyBytes?: number;
  /** Requests wait for the test to hand them on. */
  readonly queue?: boolean;
  /** The machine's by default. */
  readonly nowUs?: () => number;
}

async function opened(shape: Shape = {}): Promise<Bench> {
  const clock = makeRunClock();
  const { nowUs = () => clock.nowUs() } = shape;
  const instance = new FakeInstance('i1', 'api-1');
  const answered: Answered[] = [];
  const waiting: Exchange[] = [];
  let released = 0;
  const destination: Destination = {
    revision: 'api-1',
    timeoutUs: (shape.timeoutMs ?? 60_000) * 1000,
    submit: (exchange) => {
      if (shape.queue === true) waiting.push(exchange);
      else exchange.handTo({ instance, inFlight: 1, preferred: false });
    },
    release: () => (released += 1),
  };
  const front = await openFront({
    port: 0,
    route: () => destination,
    warm: destination,
    nowUs,
    maxBodyBytes: shape.maxBodyBytes ?? 1024,
    slotAfterTimeout: shape.slotAfterTimeout ?? 'held',
    onAnswer: (one) => answered.push(one),
  });
  fronts.push(front);
  return { url: front.url, instance, answered, waiting, released: () => released };
}

const arrivedAt = (instance: FakeInstance, count = 1): Promise<void> =>
  expect.poll(() => instance.requests.length).toBe(count);

test("the instance's answer reaches the caller, with who gave it, and its place is given back once", async () => {
  const { url, instance, answered, released } = await opened();
  const response = fetch(`${url}/orders?id=7`);
  await arrivedAt(instance);
  expect(instance.paths).toEqual(['/orders?id=7']);
  expect(released()).toBe(0);
  instance.answer(201, 'made');
  const got = await response;
  expect([got.status, await got.text()]).toEqual([201, 'made']);
  expect(got.headers.get('x-poolproof-instance')).toBe('i1');
  expect(got.headers.get('x-poolproof-revision')).toBe('api-1');
  expect(Number(got.headers.get('x-poolproof-received-us'))).toBeGreaterThan(0);
  expect(got.headers.get('x-poolproof-platform')).toBeNull();
  expect(released()).toBe(1);
  expect(answered).toEqual([]);
});

test.each([
  ['held', 0],
  ['freed', 1],
  ['cut', 1],
] as const)('after its timeout the caller gets 504, and the place is %s', async (slotAfterTimeout, free) => {
  const { url, instance, answered, released } = await opened({ timeoutMs: 60, slotAfterTimeout });
  const got = await fetch(url);
  expect([got.status, got.headers.get('x-poolproof-platform')]).toEqual([504, 'timeout']);
  expect(answered).toMatchObject([{ reason: 'timeout', revision: 'api-1' }]);
  expect(answered[0]?.waitedUs).toBeGreaterThanOrEqual(60_000);
  await expect.poll(released).toBe(free);
  expect(instance.cut).toBe(slotAfterTimeout === 'cut' ? 1 : 0);
  // What the instance says later reaches nobody, and no place is given back twice.
  if (slotAfterTimeout !== 'cut') instance.answer(200, 'too late');
  expect(released()).toBe(1);
  expect(answered).toHaveLength(1);
});

test('a stream that is still running at the timeout is broken off', async () => {
  const { url, instance, answered } = await opened({ timeoutMs: 80 });
  const response = fetch(url);
  await arrivedAt(instance);
  instance.begin(200, 'first part');
  const got = await response;
  expect(got.status).toBe(200);
  await expect(got.text()).rejects.toThrow();
  expect(answered).toMatchObject([{ reason: 'timeout' }]);
});

test('the wait for an instance counts into the timeout', async () => {
  const { url, instance, answered, waiting } = await opened({ timeoutMs: 150, queue: true });
  const response = fetch(url);
  await expect.poll(() => waiting.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  waiting[0]?.handTo({ instance, inFlight: 1, preferred: false });
  expect((await response).status).toBe(504);
  expect(answered[0]?.waitedUs).toBeLessThan(240_000);
});

test('a timer that fires early does not shorten the timeout that was promised', async () => {
  let clockUs = 0;
  const { url, answered } = await opened({ timeoutMs: 30, nowUs: () => clockUs });
  const response = fetch(url);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(answered).toEqual([]);
  clockUs = 30_000;
  expect((await response).status).toBe(504);
  expect(answered).toMatchObject([{ reason: 'timeout', waitedUs: 30_000 }]);
});

test('the timeout of a request that has its answer does nothing', async () => {
  const { url, instance, answered } = await opened({ timeoutMs: 60, slotAfterTimeout: 'cut' });
  const response = fetch(url);
  await arrivedAt(instance);
  instance.answer(200, 'in time');
  expect((await response).status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect([instance.cut, answered.length]).toEqual([0, 0]);
});

test('an answer that the caller reads slowly is held back at the instance', async () => {
  const { url, instance } = await opened({ maxBodyBytes: Infinity });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, resolve).on('error', reject).end();
  });
  await arrivedAt(instance);
  const size = 32 * 2 ** 20;
  const handler = instance.begin(200, 'x'.repeat(size));
  const got = await response;
  expect([instance.paused, instance.resumed]).toEqual([1, 0]);
  let bytes = 0;
  for await (const chunk of got) {
    bytes += (chunk as Buffer).length;
    if (bytes === size) instance.finish(handler);
  }
  expect(instance.resumed).toBe(1);
});

test('an informational status before the answer is not taken for it', async () => {
  const { url, instance } = await opened();
  const response = fetch(url);
  await arrivedAt(instance);
  instance.begin(103, '');
  instance.answer(200, 'the answer');
  const got = await response;
  expect([got.status, await got.text()]).toEqual([200, 'the answer']);
});

test("a broken connection is 503 of the platform's own, and frees the place", async () => {
  const { url, instance, answered, released } = await opened();
  const response = fetch(url);
  await arrivedAt(instance);
  instance.breakOff(new Error('socket hang up'));
  const got = await response;
  expect([got.status, got.headers.get('x-poolproof-platform')]).toEqual([503, 'connection_error']);
  expect(answered).toMatchObject([{ reason: 'connection_error' }]);
  expect(released()).toBe(1);
});

test('a connection that breaks within the answer breaks the answer, and is no answer of the platform', async () => {
  const { url, instance, answered, released } = await opened();
  const response = fetch(url);
  await arrivedAt(instance);
  instance.begin(200, 'first part');
  const got = await response;
  instance.breakOff(new Error('socket hang up'));
  await expect(got.text()).rejects.toThrow();
  expect(answered).toEqual([]);
  expect(released()).toBe(1);
});

test("a caller that leaves ends nothing: the instance's work goes on, and its place stays taken", async () => {
  const { url, instance, answered, released } = await opened();
  const impatient = new AbortController();
  const response = fetch(url, { signal: impatient.signal }).catch(() => 'left');
  await arrivedAt(instance);
  impatient.abort();
  expect(await response).toBe('left');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([released(), instance.cut]).toEqual([0, 0]);
  instance.answer(200, 'nobody listens');
  expect(released()).toBe(1);
  expect(answered).toEqual([]);
});

test('what breaks after the caller has left is no answer of the platform', async () => {
  const { url, instance, answered, released } = await opened();
  const impatient = new AbortController();
  const response = fetch(url, { signal: impatient.signal }).catch(() => 'left');
  await arrivedAt(instance);
  impatient.abort();
  await response;
  await new Promise((resolve) => setTimeout(resolve, 50));
  instance.breakOff(new Error('socket hang up'));
  expect(answered).toEqual([]);
  expect(released()).toBe(1);
});

test('a refusal is told with its wait and its revision, and takes no place', async () => {
  const { url, answered, waiting, released } = await opened({ queue: true });
  const response = fetch(url);
  await expect.poll(() => waiting.length).toBe(1);
  waiting[0]?.refuse('no_instance');
  const got = await response;
  expect([got.status, got.headers.get('x-poolproof-platform')]).toEqual([429, 'no_instance']);
  expect(got.headers.get('x-poolproof-instance')).toBeNull();
  expect(answered).toMatchObject([{ reason: 'no_instance', revision: 'api-1' }]);
  expect(released()).toBe(0);
});

test('bodies that are too large are refused: 413 on the way in, 500 on the way out', async () => {
  const { url, instance, answered } = await opened({ maxBodyBytes: 10 });
  const sent = await fetch(url, { method: 'POST', body: 'x'.repeat(11) });
  expect(sent.status).toBe(413);
  expect(instance.requests).toHaveLength(0);
  const response = fetch(url);
  await arrivedAt(instance);
  instance.answer(200, 'x'.repeat(11));
  expect((await response).status).toBe(500);
  expect(answered.map(({ reason }) => reason)).toEqual(['request_too_large', 'response_too_large']);
});

test('a request line may carry a whole URL; the instance gets its path', async () => {
  const { url, instance } = await opened();
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, { path: 'http://api.example/orders?id=1' }, resolve).on('error', reject).end();
  });
  await arrivedAt(instance);
  expect(instance.paths).toEqual(['/orders?id=1']);
  instance.answer(204);
  expect((await response).statusCode).toBe(204);
});

test('the ping is answered at once, by no instance', async () => {
  const { url, instance } = await opened();
  expect(await (await fetch(`${url}${pingPath}`)).text()).toBe('pong\n');
  expect(instance.paths).toEqual([]);
});

test('the answer tells what the platform took of the time, without the wait for a place', async () => {
  let us = 1_000;
  const { url, instance, waiting } = await opened({ queue: true, nowUs: () => us });
  const response = fetch(`${url}/slow`);
  await expect.poll(() => waiting.length).toBe(1);
  us += 5_000_000;
  waiting[0]?.handTo({ instance, inFlight: 1, preferred: false });
  await arrivedAt(instance);
  us += 9_000_000;
  instance.answer(200, 'done');
  const { headers } = await response;
  expect(headers.get('x-poolproof-arrived-us')).toBe('1000');
  expect(headers.get('x-poolproof-received-us')).toBe('5001000');
  expect(headers.get('x-poolproof-own-us')).toBe('0');
});

test('an answer may have lain unread for as long as the platform was busy with others', async () => {
  let us = 1_000;
  const { url, instance } = await opened({ nowUs: () => us });
  const response = fetch(`${url}/`);
  await arrivedAt(instance);
  us += 300;
  instance.answer(200, 'done');
  expect((await response).headers.get('x-poolproof-own-us')).toBe('300');
});

test('its own answers tell it too', async () => {
  let us = 1_000;
  const { url, waiting } = await opened({ queue: true, nowUs: () => us });
  const response = fetch(`${url}/`);
  await expect.poll(() => waiting.length).toBe(1);
  us += 10_000_000;
  waiting[0]?.refuse('no_instance');
  const { headers } = await response;
  expect(headers.get('x-poolproof-arrived-us')).toBe('1000');
  expect(headers.get('x-poolproof-own-us')).toBe('0');
});
