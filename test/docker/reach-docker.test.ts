import { createServer, type AddressInfo, type ListenOptions } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { connectDocker } from '../../src/docker/connect-docker.ts';
import { reachDocker } from '../../src/docker/reach-docker.ts';

const folder = mkdtempSync(join(tmpdir(), 'poolproof-docker-'));
const closers: (() => void)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function listening(at: ListenOptions): Promise<AddressInfo | string | null> {
  const server = createServer((socket) => socket.destroy());
  closers.push(() => server.close());
  await once(server.listen(at), 'listening');
  return server.address();
}

test('what DOCKER_HOST names is reached over a socket or over TCP, and nothing else is tried', async () => {
  const path = join(folder, 'docker.sock');
  await listening({ path });
  await reachDocker(`unix://${path}`);
  const { port } = (await listening({ host: '127.0.0.1', port: 0 })) as AddressInfo;
  await reachDocker(`tcp://127.0.0.1:${port}`);
  await reachDocker('ssh://somebody@nowhere');
});

test('what does not listen is an error with its code', async () => {
  await expect(reachDocker('unix:///nowhere/docker.sock')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(reachDocker('tcp://127.0.0.1:1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a DOCKER_HOST that does not listen is never replaced by another Docker', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
  await expect(connectDocker()).rejects.toMatchObject({
    problems: [{ message: 'Docker does not answer: no socket at /nowhere/docker.sock' }],
  });
});

test('a DOCKER_HOST that is no address is said to be none', async () => {
  vi.stubEnv('DOCKER_HOST', 'not an address');
  await expect(connectDocker()).rejects.toMatchObject({
    problems: [{ message: 'Docker does not answer: DOCKER_HOST is not a URL: not an address' }],
  });
});
