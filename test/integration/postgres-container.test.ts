import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { networkInterfaces } from 'node:os';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { EnvironmentError, InterruptedError } from '../../src/base/errors.ts';
import { startProcessGuard, type ProcessGuard } from '../../src/base/process-guard.ts';
import { makeContainerServer } from '../../src/postgres/container/container-server.ts';
import type { RunningPostgres } from '../../src/postgres/postgres-server.ts';
import { describePostgresServer } from '../cases/postgres-server.cases.ts';
import { dockerNames, hasPostgresImage, postgresImage } from '../support/docker.ts';
import { until } from '../support/until.ts';

const suite = 'Postgres in a container';
const isThere = hasPostgresImage(suite);

let guard: ProcessGuard;
beforeAll(() => {
  guard = startProcessGuard();
});
afterAll(() => guard.dismiss());

const own = 'label=poolproof.postgres';

async function start(image = postgresImage, signal = new AbortController().signal): Promise<RunningPostgres> {
  const server = makeContainerServer({ image, maxConnections: 20, serviceRoles: ['api'], guard });
  const running = await server.start(signal);
  onTestFinished(() => running.stop());
  return running;
}

if (isThere)
  describePostgresServer(
    suite,
    (orders) => makeContainerServer({ ...orders, image: postgresImage, guard }),
    [1],
  );

describe.runIf(isThere)('a server in a container', () => {
  it('is reached on loopback and nowhere else, and is gone once it is stopped', async () => {
    const before = dockerNames('container', own);
    const running = await start();
    expect(running.service.host).toBe('127.0.0.1');
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter((one) => !one.internal && one.family === 'IPv4');
    for (const { address } of others) {
      const socket = dial(running.service.port, address);
      const [error] = (await Promise.race([once(socket, 'error'), once(socket, 'connect')])) as [Error?];
      socket.destroy();
      expect(error?.message).toContain('ECONNREFUSED');
    }
    await Promise.all([running.stop(), running.stop()]);
    expect(dockerNames('container', own)).toEqual(before);
  });

  it('says so when its container ends by itself', async () => {
    const before = dockerNames('container', own);
    const running = await start();
    const [name = ''] = dockerNames('container', own).filter((one) => !before.includes(one));
    await execa('docker', ['kill', name]);
    expect(await running.lost).toMatch(/Postgres is gone: its container ended with exit code 137/);
  });

  it('that is of no such image, or told to stop while it starts, is one clear error and leaves nothing', async () => {
    const before = dockerNames('container', own);
    const missing = await start('poolproof-test/no-such-image:1').catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(EnvironmentError);
    expect(String(missing)).toContain("the image poolproof-test/no-such-image:1 can't be had");
    const stopped = await start(postgresImage, AbortSignal.timeout(300)).catch((error: unknown) => error);
    expect(stopped).toBeInstanceOf(InterruptedError);
    await until(() => dockerNames('container', own).length === before.length);
  });

  it('ends within seconds of a process that was killed', async () => {
    const before = dockerNames('container', own);
    const file = 'test/fixtures/postgres/serve-container.mjs';
    const holder = execa(process.execPath, [file, postgresImage], { reject: false });
    onTestFinished(() => void holder.kill('SIGKILL'));
    await Promise.race([once(holder.stdout, 'data'), holder]);
    expect(dockerNames('container', own).length).toBe(before.length + 1);
    holder.kill('SIGKILL');
    await holder;
    await until(() => dockerNames('container', own).length === before.length);
  });
});
