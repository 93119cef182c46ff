import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { chmod, cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import { networkInterfaces, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { EnvironmentError, InterruptedError } from '../../../src/base/errors.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import { findAccount } from '../../../src/postgres/embedded/account.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import { findNativeFolder } from '../../../src/postgres/embedded/native-folder.ts';
import { preparePrograms } from '../../../src/postgres/embedded/programs.ts';
import { makeServerFolder, removeServerFolder } from '../../../src/postgres/embedded/server-folder.ts';
import type { LogSource, RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { openSession } from '../../cases/pg-client.ts';
import { describePostgresServer } from '../../cases/postgres-server.cases.ts';
import { descendantsOf, waitUntilGone } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

let guard: ProcessGuard;
beforeAll(() => {
  guard = startProcessGuard();
});
afterAll(() => guard.dismiss());

const isRoot = userInfo().uid === 0;
if (!isRoot) console.warn('\nSKIPPED: embedded Postgres started by root: not run as root\n');

async function start(maxConnections = 20): Promise<RunningPostgres> {
  const server = makeEmbeddedServer({ maxConnections, serviceRoles: ['api'], guard });
  const running = await server.start(new AbortController().signal);
  onTestFinished(() => running.stop());
  return running;
}

function folderOf(log: LogSource | null): string {
  return dirname(dirname((log as Extract<LogSource, { kind: 'file' }>).path));
}

function postmasterOf(log: LogSource | null): number {
  return Number(readFileSync(join(folderOf(log), 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

function foldersLeft(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('poolproof-postgres-'));
}

describePostgresServer('embedded Postgres', (orders) => makeEmbeddedServer({ ...orders, guard }));

describe('an embedded server', () => {
  it('listens on loopback and nowhere else', async () => {
    const { service, monitor } = await start();
    const client = await openSession(monitor);
    onTestFinished(() => client.end());
    const { rows } = await client.query(
      `select current_setting('listen_addresses') as tcp, current_setting('unix_socket_directories') as unix`,
    );
    expect(rows).toEqual([{ tcp: '127.0.0.1', unix: '' }]);
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter((one) => !one.internal && one.family === 'IPv4');
    for (const { address } of others) {
      const socket = dial(service.port, address);
      const [error] = (await Promise.race([once(socket, 'error'), once(socket, 'connect')])) as [Error?];
      socket.destroy();
      expect(error?.message).toContain('ECONNREFUSED');
    }
  });

  it('keeps its files from others, and its password out of all of them', async () => {
    const { log, monitor } = await start();
    expect((await stat(folderOf(log))).mode & 0o077).toBe(0);
    const { stdout } = await execa('grep', ['-rl', monitor.password, folderOf(log)], { reject: false });
    expect(stdout).toBe('');
  });

  it('leaves no process and no folder when it is stopped, in the middle of a query too, and twice', async () => {
    const running = await start();
    const client = await openSession(running.service);
    const query = client.query('select pg_sleep(60)').catch((error: unknown) => error);
    const pid = postmasterOf(running.log);
    const processes = descendantsOf(process.pid).filter(({ command }) => command.includes('postgres'));
    expect(processes.map((one) => one.pid)).toContain(pid);
    await Promise.all([running.stop(), running.stop()]);
    expect(await waitUntilGone(processes)).toEqual([]);
    expect(existsSync(folderOf(running.log))).toBe(false);
    expect(await query).toMatchObject({ code: '57P01' });
  });

  it('runs beside another one', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect(one.service.port).not.toBe(other.service.port);
    expect(one.service.password).not.toBe(other.service.password);
    await one.stop();
    const client = await openSession(other.service);
    await client.end();
  });

  it('says so when it dies by itself', async () => {
    const running = await start();
    process.kill(postmasterOf(running.log), 'SIGKILL');
    expect(await running.lost).toMatch(/Postgres is gone: it was ended by SIGKILL/);
    await running.stop();
    expect(existsSync(folderOf(running.log))).toBe(false);
  });

  it("that can't start is one clear error in the server's own words, and nothing is left", async () => {
    const before = foldersLeft();
    const failure = await start(3).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EnvironmentError);
    expect(String(failure)).toMatch(/Postgres can't start: .*\n.*must be less than "max_connections" \(3\)/);
    expect(foldersLeft()).toEqual(before);
  });

  it('gives up at once when the run is stopped while it starts, and nothing is left', async () => {
    const before = foldersLeft();
    const server = makeEmbeddedServer({ maxConnections: 20, serviceRoles: ['api'], guard });
    const failure = await server.start(AbortSignal.timeout(200)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InterruptedError);
    expect(foldersLeft()).toEqual(before);
  });

  it('ends within seconds of a process that was killed, and its folder too', async () => {
    const { holder, log } = await serve({});
    const postmaster = postmasterOf(log);
    const processes = descendantsOf(postmaster);
    expect(processes.length).toBeGreaterThan(3);
    holder.kill('SIGKILL');
    await holder.catch(() => undefined);
    expect(await waitUntilGone(processes)).toEqual([]);
    await until(() => !existsSync(folderOf(log)));
    // Whoever inherits it may take a moment to reap it.
    await until(() => !existsSync(`/proc/${postmaster}`));
  });

  it.runIf(isRoot)('runs under an ordinary account as well as under root', async () => {
    const { stdout } = await execa('id', ['-u', 'nobody']);
    const { holder, log, service } = await serve({ uid: Number(stdout), gid: Number(stdout) });
    expect((await stat(folderOf(log))).uid).toBe(Number(stdout));
    const client = await openSession(service);
    await client.end();
    holder.stdin.end();
    await holder;
    expect(existsSync(folderOf(log))).toBe(false);
  });

  it.runIf(isRoot)('runs from a place that only root can read', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'poolproof-closed-'));
    await cp(findNativeFolder(), join(closed, 'native'), { recursive: true, verbatimSymlinks: true });
    await chmod(closed, 0o700);
    const account = (await findAccount())!;
    const folder = await makeServerFolder(account);
    const { postgres } = await preparePrograms(join(closed, 'native'), folder.path, account);
    const { stdout } = await execa(postgres, ['--version'], { uid: account.uid, gid: account.gid });
    expect(stdout).toContain('postgres (PostgreSQL)');
    await removeServerFolder(folder);
    await rm(closed, { recursive: true });
  });
});

/** Starts a process that holds a server and its guard. */
async function serve(account: { uid?: number; gid?: number }) {
  const holder = execa(process.execPath, ['test/fixtures/postgres/serve.mjs'], { ...account, stdin: 'pipe' });
  onTestFinished(() => void holder.kill('SIGKILL'));
  const failed = holder.then(() => Promise.reject(new Error('it ended before it had a server')));
  failed.catch(() => undefined);
  const [line] = (await Promise.race([once(holder.stdout, 'data'), failed])) as [Buffer];
  const said = JSON.parse(line.toString()) as Pick<RunningPostgres, 'service' | 'log'>;
  return { holder, ...said };
}
