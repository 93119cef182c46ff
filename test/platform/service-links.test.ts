import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { makeRunClock } from '../../src/base/clock.ts';
import type { RunningLink } from '../../src/link/link.ts';
import { ServiceLinks } from '../../src/platform/local/service-links.ts';
import { authenticationOk, readyForQuery, startupMessage } from '../link/wire.ts';

const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server that lets everyone in, and starts links to it. */
async function linksTo(): Promise<{
  links: ServiceLinks;
  start: (instance: string) => Promise<RunningLink>;
}> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(Buffer.concat([authenticationOk(), readyForQuery()])));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanups.push(() => void server.close());
  const upstream = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const links = new ServiceLinks(1);
  const start = async (instance: string): Promise<RunningLink> => {
    const whose = { service: 'api', revision: 'api-1', instance };
    const link = await links.start({ upstream, clock: makeRunClock(), whose, onEvent: () => undefined });
    cleanups.push(() => link.close());
    return link;
  };
  return { links, start };
}

function clientOf({ host, port }: RunningLink): Socket {
  const client = connect({ host, port });
  client.on('error', () => undefined);
  client.write(startupMessage({ user: 'app' }));
  cleanups.push(() => void client.destroy());
  return client;
}

function isRefused(link: RunningLink): Promise<boolean> {
  return once(clientOf(link), 'data').then(
    () => false,
    () => true,
  );
}

test('a change is for the links that are there and for those to come, one thing at a time', async () => {
  const { links, start } = await linksTo();
  const one = await start('i1');
  expect(await links.change({ latencyMs: 20 })).toBe(1);
  expect(await links.change({ refuse: true })).toBe(1);
  const two = await start('i2');
  expect([await isRefused(one), await isRefused(two)]).toEqual([true, true]);
  expect(await links.change({ refuse: false })).toBe(2);
  const beginMs = performance.now();
  expect([await isRefused(one), await isRefused(two)]).toEqual([false, false]);
  expect(performance.now() - beginMs).toBeGreaterThanOrEqual(39);
});

test('the link of an instance that has gone is none to ask, and learns all the same that a hole has ended', async () => {
  const { links, start } = await linksTo();
  const link = await start('i1');
  const client = clientOf(link);
  await once(client, 'data');
  await links.change({ blackhole: true });
  client.destroy();
  const drained = link.drain();
  expect(links.open).toEqual([]);
  expect(link.openSessions()).toBe(1);
  expect(await links.change({ blackhole: false })).toBe(0);
  await drained;
  expect(link.openSessions()).toBe(0);
});
