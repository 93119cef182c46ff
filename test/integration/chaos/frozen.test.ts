import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, startCli } from '../../support/cli.ts';
import { hasOwnPostgres, startOwnPostgres, type OwnPostgres } from '../../support/own-postgres.ts';
import { descendantsOf, waitUntilGone } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

const has = hasOwnPostgres('a frozen run on a server that poolproof did not start');

describe.runIf(has)("a frozen run on somebody's own server", () => {
  let server: OwnPostgres;
  beforeAll(async () => {
    server = await startOwnPostgres({
      maxConnections: 40,
      setup: [
        'create role api login password :password',
        'create database api owner api',
        'create role watcher login password :password',
        'create role other login password :password',
        'grant pg_monitor to watcher',
        'create database watching',
      ],
    });
    await server.query('create table orders (id int primary key); grant all on orders to api', 'api');
    await server.query('create table items (id int primary key)', 'api');
  });
  afterAll(() => server.stop());

  const count = async (from: string): Promise<number> =>
    Number((await server.query(`select count(*)::int as n from ${from}`, 'api'))[0]?.['n']);
  const locks = (): Promise<number> =>
    count(`pg_locks where mode = 'AccessExclusiveLock' and granted and locktype = 'relation'`);
  const held = (): Promise<number> =>
    count(`pg_stat_activity where application_name in ('poolproof-hold', 'poolproof-slow')`);
  const ours = (): Promise<number> => count(`pg_stat_activity where application_name like 'poolproof%'`);

  it('holds no lock 5 s after its time, and soon no session at all', async () => {
    const out = await freshFolder();
    const file = join(out, 'frozen.yaml');
    writeFileSync(
      file,
      `version: 1
name: frozen
contract:
  service: { name: api, max_instances: 1, container_concurrency: 10, request_timeout_seconds: 5 }
  database: { app_pool_max: 2, acquire_timeout_ms: 1000, statement_timeout_ms: 2000 }
target:
  local: { command: [node, ${JSON.stringify(resolve('scenarios/service/server.mjs'))}] }
postgres:
  url: ${server.url('api', 'api')}
  monitor_url: ${server.url('watcher', 'watching')}
  headroom_url: ${server.url('other', 'watching')}
  admin_url: ${server.url('postgres', 'watching')}
  max_connections: 40
traffic:
  phases: [{ name: baseline, duration: 30s, rate: 5/s }]
requests: [{ name: health, get: /healthz }]
chaos:
  - { at: 1s, for: 4s, do: db.lock, with: { table: orders } }
  - { at: 1s, for: 4s, do: db.slow, with: { table: items, delay: 500ms } }
  - { at: 1s, for: 4s, do: db.hold, with: { connections: 3 } }
safety: { allow_destructive: [db.lock, db.slow, db.hold] }
`,
    );
    const cli = startCli(['run', file, '-o', join(out, 'reports'), '--progress', 'none']);
    const told = (): string => {
      const reports = join(out, 'reports');
      const [name] = existsSync(reports) ? readdirSync(reports) : [];
      const events = join(reports, name ?? '', 'events.ndjson');
      return name !== undefined && existsSync(events) ? readFileSync(events, 'utf8') : '';
    };
    await until(() => /"db.hold".*"confirmed"/.test(told()) || cli.exitCode !== null, told);
    expect(cli.exitCode).toBeNull();
    expect(told()).not.toContain('"state":"failed"');
    await until(async () => (await locks()) > 0 && (await held()) === 3);
    const processes = descendantsOf(cli.pid!);
    cli.kill('SIGSTOP');
    const stoppedMs = performance.now();
    await until(async () => (await locks()) + (await held()) === 0);
    expect(performance.now() - stoppedMs).toBeLessThan(9_000);
    await delay(500);
    expect(await locks()).toBe(0);
    await until(async () => (await ours()) === 0);
    expect(performance.now() - stoppedMs).toBeLessThan(20_000);
    cli.kill('SIGKILL');
    await cli;
    expect(await waitUntilGone(processes)).toEqual([]);
  });
});
