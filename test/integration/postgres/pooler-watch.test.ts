import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import { messageOf } from '../../../src/base/errors.ts';
import type { PoolerEvent } from '../../../src/evidence/event.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import { watchPoolers, type PoolersWatch } from '../../../src/postgres/pooler/watch-poolers.ts';
import type { Login, RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { sqlstateOf } from '../../../src/postgres/connect.ts';
import { openSession } from '../../cases/pg-client.ts';
import { hasPrograms } from '../../support/has-programs.ts';
import { until } from '../../support/until.ts';

const isThere = hasPrograms('a PgBouncer that is looked at', ['pgbouncer']);

let guard: ProcessGuard | undefined;
let postgres: RunningPostgres | undefined;
let pooler: ChildProcess | undefined;
let watch: PoolersWatch | undefined;
let port: number;
/** What one that was killed outright has left, and what one that is alive has, where its script works without TMPDIR. */
const left = join('/tmp', `pgbouncer-${spawnSync('true').pid}-left`);
const used = join('/tmp', `pgbouncer-${process.pid}-used`);
const seen: PoolerEvent[] = [];
const latest = (): PoolerEvent['pools'][number] | undefined => seen.at(-1)?.pools[0];

/** The shipped start script, as an instance runs it. */
function startPooler(database: Login): ChildProcess {
  const { user, password, host, port: at, database: name } = database;
  const child = spawn(process.execPath, ['scenarios/service/pgbouncer.mjs'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: `postgres://${user}:${password}@${host}:${at}/${name}`,
      LISTEN_PORT: String(port),
      DB_POOL_MAX: '3',
      MAX_CLIENT_CONN: '20',
      QUERY_WAIT_TIMEOUT_S: '2',
      STATS_USER: 'stats',
      STATS_PASSWORD: 'look',
    },
  });
  if (child.pid !== undefined) guard?.watch(child.pid, 'SIGTERM');
  return child;
}

describe.skipIf(!isThere)('a PgBouncer with three server connections and five clients', () => {
  beforeAll(async () => {
    guard = startProcessGuard();
    const server = makeEmbeddedServer({ maxConnections: 20, serviceRoles: ['api'], guard });
    postgres = await server.start(new AbortController().signal);
    port = await getPort({ host: '127.0.0.1' });
    watch = watchPoolers({
      poolers: [
        {
          name: 'pgbouncer',
          service: 'api',
          place: { kind: 'address', host: '127.0.0.1', port },
          user: 'stats',
          password: 'look',
          clients: null,
        },
      ],
      clock: makeRunClock(),
      onEvent: (event) => void seen.push(event),
    });
    await until(() => seen.some(({ ok }) => !ok));
    for (const folder of [left, used]) mkdirSync(folder, { recursive: true });
    pooler = startPooler(postgres.service);
    await until(() => seen.some(({ ok }) => ok));
  }, 60_000);

  afterAll(async () => {
    for (const folder of [left, used]) rmSync(folder, { recursive: true, force: true });
    await watch?.stop();
    if (pooler?.exitCode === null) {
      pooler.kill('SIGTERM');
      await once(pooler, 'exit');
    }
    await postgres?.stop();
    guard?.dismiss();
  });

  it('tells once that it is not there, and looks as soon as it is', () => {
    const failed = seen.filter(({ ok }) => !ok);
    expect(failed).toHaveLength(1);
    expect(failed[0]?.error).toMatch(/ECONNREFUSED/);
  });

  it('tells its limits with the first look', () => {
    const told = seen.flatMap(({ limits }) => limits ?? []);
    expect(told).toEqual([
      { mode: 'transaction', max_clients: 20, pool_size: 3, reserve: 0, query_wait_ms: 2000 },
    ]);
  });

  it('takes away what one that was killed has left, and nothing of one that lives', () => {
    expect(existsSync(left)).toBe(false);
    expect(existsSync(used)).toBe(true);
  });

  it('tells once a second who comes, and which backends are its own', async () => {
    const login = { ...postgres!.service, host: '127.0.0.1', port };
    const clients = await Promise.all(['a', 'a', 'b'].map((name) => openSession(login, name)));
    for (const client of clients) await client.query('select 1');
    const { rows } = await clients[0]!.query<{ pid: string }>('select pg_backend_pid() as pid');
    const close = () => seen.findLast((event) => event.clients !== undefined);
    await until(() => close()?.clients?.length === 2);
    expect(close()?.clients).toEqual([
      { application_name: 'a', address: '127.0.0.1', count: 2, waiting: 0 },
      { application_name: 'b', address: '127.0.0.1', count: 1, waiting: 0 },
    ]);
    expect(close()?.server_pids).toContain(Number(rows[0]?.pid));
    for (const client of clients) await client.end();
    const looks = seen.filter(({ ok }) => ok);
    const seconds = (looks.at(-1)!.t_us - looks[0]!.t_us) / 1e6;
    expect(looks.filter((event) => event.clients !== undefined).length).toBeLessThanOrEqual(seconds + 1);
  });

  it('shows who is served, who waits and for how long, and that the one who waits is refused', async () => {
    const login = { ...postgres!.service, host: '127.0.0.1', port };
    const clients = await Promise.all(Array.from({ length: 5 }, () => openSession(login)));
    for (const client of clients.slice(0, 3)) await client.query('begin; select 1');
    // One more wants a session; the fifth is connected and wants nothing.
    const refused = clients[3]!.query('select 1').then(
      () => 'served',
      (error: unknown) => `${sqlstateOf(error) ?? ''} ${messageOf(error)}`,
    );
    await until(() => (latest()?.clients_waiting ?? 0) === 1 && latest()!.max_wait_us > 400_000);
    expect(latest()).toMatchObject({
      database: postgres!.service.database,
      user: 'api',
      clients_active: 4,
      clients_waiting: 1,
      servers_active: 3,
      servers_idle: 0,
    });
    expect(await refused).toBe('08P01 query_wait_timeout');
    await until(() => (latest()?.clients_waiting ?? 1) === 0);
    const longestUs = Math.max(...seen.flatMap(({ pools }) => pools.map((pool) => pool.max_wait_us)));
    expect(longestUs).toBeGreaterThan(1_500_000);
    for (const client of clients.slice(0, 3)) await client.query('commit');
    await until(() => latest()?.servers_active === 0);
    expect(latest()?.servers_idle).toBe(3);
    expect(seen.at(-1)?.transactions).toBeGreaterThanOrEqual(3);
    for (const client of clients) await client.end().catch(() => undefined);
  });

  it('looks at most ten times a second', () => {
    const looks = seen.filter(({ ok }) => ok);
    const seconds = (looks.at(-1)!.t_us - looks[0]!.t_us) / 1e6;
    expect(looks.length).toBeLessThanOrEqual(10 * seconds + 2);
    expect(looks.length).toBeGreaterThan(2 * seconds);
  });

  it('says so when the pooler goes away', async () => {
    pooler!.kill('SIGTERM');
    await until(() => seen.at(-1)?.ok === false);
    expect(seen.at(-1)).toMatchObject({ pooler: 'pgbouncer', service: 'api', pools: [] });
  });
});
