import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeRunClock, wallMs } from '../../../src/base/clock.ts';
import { EnvironmentError, InterruptedError } from '../../../src/base/errors.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import type { LogEvent } from '../../../src/evidence/event.ts';
import { connect } from '../../../src/postgres/connect.ts';
import { makeContainerServer } from '../../../src/postgres/container/container-server.ts';
import { disconnect } from '../../../src/postgres/disconnect.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { followServerLog } from '../../../src/postgres/server-log.ts';
import { openSession } from '../../cases/pg-client.ts';
import { describePostgresServer } from '../../cases/postgres-server.cases.ts';
import { dockerNames, hasPostgresImage, postgresImage } from '../../support/docker.ts';
import { until } from '../../support/until.ts';

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

async function startedAt(running: RunningPostgres): Promise<string> {
  const client = await connect(running.monitor, { timeoutMs: 5000 });
  const { rows } = await client.query<{ began: string }>(
    `select backend_start::text as began from pg_stat_activity where backend_type = 'checkpointer'`,
  );
  await disconnect(client);
  return rows[0]?.began ?? '';
}

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
    await running.stop();
    expect(dockerNames('container', own)).toEqual(before);
  });

  it('that gives up while it starts says how it ended and what it printed last, and leaves nothing', async () => {
    const before = dockerNames('container', own);
    const orders = { image: postgresImage, maxConnections: 1, serviceRoles: ['api'], guard } as const;
    const failed = makeContainerServer(orders).start(new AbortController().signal);
    await expect(failed).rejects.toBeInstanceOf(EnvironmentError);
    await expect(failed).rejects.toThrow(/can't start in a container of .*: it ended with exit code 1:/);
    await expect(failed).rejects.toThrow(/superuser_reserved_connections/);
    expect(dockerNames('container', own)).toEqual(before);
  });

  it('that is restarted, in whatever way, is the same server at the same port, and its log goes on', async () => {
    const running = await start();
    const clock = makeRunClock();
    const events: LogEvent[] = [];
    const source = running.log;
    if (source === null) throw new Error('a container has a log');
    const serverClock = { offset_us: wallMs() * 1000 - clock.nowUs() };
    const log = await followServerLog({ source, clock, serverClock, onEvent: (event) => events.push(event) });
    const modes = ['fast', 'immediate', 'crash', 'smart'] as const;
    for (const mode of modes) {
      const session = await openSession(running.service);
      const before = await startedAt(running);
      const restarted = running.processes!.restart(mode);
      // A smart one waits for its sessions.
      if (mode === 'smart') await session.end();
      expect(await restarted).toEqual({ harder: null });
      expect(await startedAt(running)).not.toBe(before);
      await session.end().catch(() => undefined);
    }
    await (await openSession(running.service)).end();
    await log.stop();
    const logins = events.filter(({ what, role }) => what === 'authorized' && role === 'api');
    expect(logins.length).toBe(modes.length + 1);
    expect(log.gap()).toBeNull();
    expect(await Promise.race([running.lost, delay(0, 'still there')])).toBe('still there');
  });

  it('freezes sessions of a role, or the one process that takes connections, and lets them go on', async () => {
    const running = await start();
    const processes = running.processes!;
    const session = await openSession(running.service);
    const other = await openSession(running.headroom);
    const pid = async (): Promise<string> =>
      (await session.query<{ pid: string }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? '';
    const pids = [await pid()];
    expect(await processes.freeze({ role: 'api' })).toBe(1);
    expect(await processes.stopped(pids)).toBe(1);
    const hung = pid();
    expect(await Promise.race([hung, delay(500, 'hangs')])).toBe('hangs');
    await other.query('select 1');
    await processes.thaw();
    await hung;
    expect(await processes.stopped(pids)).toBe(0);

    expect(await processes.freeze('postmaster')).toBe(1);
    await other.query('select 1');
    await expect(connect(running.headroom, { timeoutMs: 700 })).rejects.toThrow(/timeout/);
    await processes.thaw();
    await disconnect(await connect(running.headroom, { timeoutMs: 5000 }));
    await session.end();
    await other.end();
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
