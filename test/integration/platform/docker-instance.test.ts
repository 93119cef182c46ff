import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import { EnvironmentError } from '../../../src/base/errors.ts';
import type { DockerInstance, ImageOrders } from '../../../src/platform/local/docker/docker-instance.ts';
import { startDockerInstance } from '../../../src/platform/local/docker/start-docker-instance.ts';
import { dockerNames, flaskImage, hasFlaskImage } from '../../support/docker.ts';
import { until } from '../../support/until.ts';

const fixture = new URL('../../fixtures/docker/holder.mjs', import.meta.url).pathname;
const noDatabase = { DB_NAME: 'myapp', DB_USER: 'appuser', DB_PASSWORD: 'unused' };
const suite = 'instances as Docker containers';

let guard: ProcessGuard;
const instances: DockerInstance[] = [];

/** Lines that the containers of a test printed, behind the stream's name. */
let lines: string[] = [];

beforeAll(() => (guard = startProcessGuard()));

afterEach(async () => {
  await Promise.all(instances.splice(0).map((instance) => instance.remove()));
  lines = [];
});

afterAll(() => guard.dismiss());

async function startInstance(name = 'one', containers: readonly string[] = []): Promise<DockerInstance> {
  const instance = await startDockerInstance({ guard, name, containers, ports: [8080] });
  instances.push(instance);
  return instance;
}

function orders(shape: Partial<ImageOrders>): ImageOrders {
  return {
    name: 'app',
    image: flaskImage,
    command: [],
    cwd: null,
    env: {},
    mounts: [],
    limits: { cpus: null, memoryBytes: null },
    onLine: (stream, text) => void lines.push(`${stream}: ${text}`),
    ...shape,
  };
}

const shell = (script: string): Partial<ImageOrders> => ({ command: ['sh', '-c', script] });

async function statusOf(instance: DockerInstance, path: string, timeoutMs = 1000): Promise<number | null> {
  const url = `http://${instance.address}:${instance.reachedAt(8080)}${path}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.status ?? null;
}

const containing = (text: string): unknown => expect.stringContaining(text);

describe.skipIf(!hasFlaskImage(suite))(suite, () => {
  test('two instances with the same fixed port answer side by side', async () => {
    const both = await Promise.all([startInstance('one'), startInstance('two')]);
    for (const instance of both) await instance.run(orders({ env: noDatabase }));
    for (const instance of both) await until(async () => (await statusOf(instance, '/health')) === 200);
    expect(both[0].address).not.toBe(both[1].address);
  });

  test('containers of one instance meet on localhost and know each other by name', async () => {
    const instance = await startInstance('one', ['app', 'side']);
    await instance.run(
      orders({ name: 'side', command: ['python3', '-m', 'http.server', '--bind', '127.0.0.1', '5432'] }),
    );
    const ask = "import urllib.request as u; print(u.urlopen('http://HOST:5432').status)";
    for (const host of ['localhost', 'side']) {
      const command = ['python3', '-c', ask.replace('HOST', host)];
      await until(
        async () =>
          (await (await instance.run(orders({ name: `${host}-${lines.length}`, command }))).exited).code ===
          0,
      );
    }
    expect(lines.filter((line) => line === 'stdout: 200')).toHaveLength(2);
  });

  test("a port that a sidecar listens on is seen, although only the containers' localhost leads to it", async () => {
    const instance = await startInstance();
    expect(await instance.listensOn(5432)).toBe(false);
    const serve = ['python3', '-m', 'http.server', '--bind', '127.0.0.1', '5432'];
    await instance.run(orders({ name: 'side', command: serve }));
    await until(() => instance.listensOn(5432));
    expect(await instance.listensOn(5433)).toBe(false);
    const direct = fetch(`http://${instance.address}:5432`, { signal: AbortSignal.timeout(1000) });
    await expect(direct).rejects.toThrow();
  });

  test('a sidecar that ends does not take the network with it', async () => {
    const instance = await startInstance();
    const sidecar = await instance.run(orders({ name: 'side', command: ['sleep', '100'] }));
    await instance.run(orders({ env: noDatabase }));
    await until(async () => (await statusOf(instance, '/health')) === 200);
    sidecar.kill();
    expect((await sidecar.exited).signal).toBe('SIGKILL');
    expect(await statusOf(instance, '/health')).toBe(200);
  });

  test('a container reaches what this machine listens with on the host address', async () => {
    const server = createServer((socket) => socket.end('hello from the host'));
    const instance = await startInstance();
    await once(server.listen({ host: instance.hostAddress, port: 0 }), 'listening');
    const { port } = server.address() as AddressInfo;
    const read = `import socket; print(socket.create_connection(('${instance.hostName}', ${port}), 5).recv(99).decode())`;
    const container = await instance.run(orders({ command: ['python3', '-c', read] }));
    expect((await container.exited).output).toEqual(['hello from the host']);
    server.close();
  });

  test('output arrives line by line, exit code and last lines in the end', async () => {
    const instance = await startInstance();
    const script = 'echo one; echo two >&2; sleep 0.2; printf "thr"; sleep 0.2; printf "ee\\nfour"; exit 3';
    const container = await instance.run(orders(shell(script)));
    let exits = 0;
    container.onExit(() => (exits += 1));
    const exit = await container.exited;
    expect(lines.toSorted()).toEqual(['stderr: two', 'stdout: four', 'stdout: one', 'stdout: three']);
    expect(exit).toEqual({ code: 3, signal: null, error: null, output: ['one', 'three', 'four', 'two'] });
    expect(exits).toBe(1);
    expect(await container.listeningPorts()).toBeNull();
  });

  test('SIGTERM lets a container end by itself; one that ignores it gets SIGKILL after the grace', async () => {
    const instance = await startInstance();
    const start = (name: string, trap: string) =>
      instance.run(
        orders({ name, ...shell(`trap '${trap}' TERM; echo ${name}; while :; do sleep 0.05; done`) }),
      );
    const obedient = await start('obedient', 'exit 7');
    const stubborn = await start('stubborn', '');
    await until(() => lines.length === 2);
    const begun = performance.now();
    obedient.terminate(60_000);
    stubborn.terminate(1000);
    expect((await obedient.exited).code).toBe(7);
    expect(await stubborn.exited).toMatchObject({ code: null, signal: 'SIGKILL', error: null });
    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  test('a frozen container does nothing until it is thawed, and can be killed while frozen', async () => {
    const instance = await startInstance();
    const container = await instance.run(orders({ env: noDatabase }));
    await until(async () => (await statusOf(instance, '/health')) === 200);
    container.freeze();
    await until(async () => (await statusOf(instance, '/health', 300)) === null);
    container.thaw();
    await until(async () => (await statusOf(instance, '/health')) === 200);
    container.freeze();
    container.kill();
    expect((await container.exited).signal).toBe('SIGKILL');
  });

  test('limits, files, working folder and arguments arrive in the container', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'poolproof-docker-'));
    writeFileSync(join(folder, 'password'), 'from a file');
    const instance = await startInstance();
    const script =
      'cat /secrets/password; echo; pwd; echo "$GREETING"; echo x > /secrets/password || echo read-only';
    const container = await instance.run(
      orders({
        ...shell(script),
        cwd: '/usr',
        env: { GREETING: 'hello  there' },
        mounts: [{ from: folder, to: '/secrets', readOnly: true }],
        limits: { cpus: 400, memoryBytes: 64 * 2 ** 20 },
      }),
    );
    await container.exited;
    rmSync(folder, { recursive: true });
    const told = (): readonly string[] => lines.filter((line) => line.startsWith('stdout: '));
    await until(() => told().length >= 4);
    expect(told()).toEqual(
      ['from a file', '/usr', 'hello  there', 'read-only'].map((line) => `stdout: ${line}`),
    );
    const hungry = await instance.run(
      orders({
        name: 'hungry',
        command: ['python3', '-c', 'b"x" * (200 << 20)'],
        limits: { cpus: 1, memoryBytes: 32 * 2 ** 20 },
      }),
    );
    expect(await hungry.exited).toMatchObject({
      signal: 'SIGKILL',
      error: containing('out of memory'),
    });
    const withArgs = await instance.run(orders({ name: 'args', args: ['echo', 'said by args'] }));
    expect((await withArgs.exited).output).toEqual(['said by args']);
  });

  test('a program that is not in the image is an outcome; an image that is not there is an error', async () => {
    const instance = await startInstance();
    const container = await instance.run(orders({ command: ['no-such-program'] }));
    expect(await container.exited).toEqual({ code: null, signal: null, error: 'ENOENT', output: [] });
    const missing = instance.run(orders({ name: 'missing', image: 'poolproof-test/not-there:1' }));
    await expect(missing).rejects.toBeInstanceOf(EnvironmentError);
    await expect(missing).rejects.toMatchObject({
      problems: [
        {
          message: 'the image poolproof-test/not-there:1 is not on this machine',
          hint: containing('docker pull poolproof-test/not-there:1'),
        },
      ],
    });
  });

  test('nothing is left of removed instances, and the next one gets a network again', async () => {
    const mine = `name=poolproof-${process.pid}-`;
    const named = (): readonly string[] => [
      ...dockerNames('container', mine),
      ...dockerNames('network', mine),
    ];
    for (let round = 0; round < 2; round++) {
      const instance = await startInstance(`round-${round}`);
      const container = await instance.run(orders({ command: ['sleep', '100'] }));
      expect(dockerNames('container', mine)).toHaveLength(2);
      await instance.remove();
      expect((await container.exited).signal).toBe('SIGKILL');
      expect(named()).toEqual([]);
    }
  });

  test('when its process is killed, no container and no network stays', async () => {
    const parent = spawn(process.execPath, [fixture, flaskImage], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    const its = `name=poolproof-${parent.pid}-`;
    expect(dockerNames('container', its)).toHaveLength(2);
    expect(dockerNames('network', its)).toHaveLength(1);
    parent.kill('SIGKILL');
    await until(() => dockerNames('container', its).length + dockerNames('network', its).length === 0);
  });
});

test('without Docker, the error says in one line what is missing and what to do', async () => {
  const before = process.env['DOCKER_HOST'];
  process.env['DOCKER_HOST'] = 'unix:///nowhere/docker.sock';
  const lonely = startProcessGuard();
  try {
    const started = startDockerInstance({ guard: lonely, name: 'one', containers: [], ports: [] });
    await expect(started).rejects.toBeInstanceOf(EnvironmentError);
    await expect(started).rejects.toMatchObject({
      problems: [
        {
          message: 'Docker does not answer: no socket at /nowhere/docker.sock',
          hint: containing('start Docker'),
        },
      ],
    });
  } finally {
    if (before === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = before;
    lonely.dismiss();
  }
});
