import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pendingOf, readUndoJournal } from '../../../src/chaos/undo-journal.ts';
import { freshFolder, onlyRunFolder, runCli, startCli } from '../../support/cli.ts';
import { hasOwnPostgres, startOwnPostgres, type OwnPostgres } from '../../support/own-postgres.ts';
import { until } from '../../support/until.ts';

const has = hasOwnPostgres('undo on a server that poolproof did not start');

describe.runIf(has)("on somebody's own server", () => {
  let server: OwnPostgres;
  beforeAll(async () => {
    server = await startOwnPostgres({
      maxConnections: 40,
      setup: [
        `create role api login password :password connection limit 25 valid until '2040-01-02 03:04:05+00'`,
        'create database api owner api',
        `create role watcher login password :password`,
        'grant pg_monitor to watcher',
        'create database watching',
      ],
    });
    await server.query('create table orders (id int primary key); grant all on orders to api', 'api');
  });
  afterAll(() => server.stop());

  const role = async (): Promise<unknown> =>
    (
      await server.query(
        `select rolconnlimit, rolpassword, rolvaliduntil::text, rolcanlogin from pg_authid where rolname = 'api'`,
      )
    )[0];

  /** A scenario whose only load is a trickle, and whose chaos is in force from its second second on. */
  async function scenario(chaos: string, allowed: string): Promise<string> {
    const folder = await freshFolder();
    const file = join(folder, 'own.yaml');
    const text = `version: 1
name: own
contract:
  service: { name: api, max_instances: 1, container_concurrency: 10, request_timeout_seconds: 5 }
  database: { app_pool_max: 2, acquire_timeout_ms: 1000, statement_timeout_ms: 2000 }
target:
  local: { command: [node, ${JSON.stringify(resolve('scenarios/service/server.mjs'))}] }
postgres:
  url: ${server.url('api', 'api')}
  monitor_url: ${server.url('watcher', 'watching')}
  admin_url: ${server.url('postgres', 'watching')}
  max_connections: 40
traffic:
  phases: [{ name: baseline, duration: 20s, rate: 5/s }]
requests: [{ name: health, get: /healthz }]
chaos: [${chaos}]
safety: { ${allowed} }
`;
    writeFileSync(file, text);
    return file;
  }

  /** Runs until so many faults are confirmed, and ends the run in that way. */
  async function runUntil(
    file: string,
    confirmed: number,
    how: 'SIGKILL' | 'SIGINT',
  ): Promise<{ folder: string; exitCode: number | undefined }> {
    const out = await freshFolder();
    const cli = startCli(['run', file, '-o', out, '--progress', 'none']);
    const told = (): string => {
      const path = readdirSync(out).map((name) => join(out, name, 'events.ndjson'))[0] ?? '';
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    };
    const count = (): number => told().split('"state":"confirmed"').length - 1;
    await until(
      () => count() === confirmed || /"state":"failed"/.test(told()) || cli.exitCode !== null,
      told,
    );
    expect(told()).not.toContain('"state":"failed"');
    expect(count()).toBe(confirmed);
    cli.kill(how);
    const { exitCode } = await cli;
    return { folder: onlyRunFolder(out), exitCode };
  }

  it('everything that lasts is undone after kill -9, by what the journal says alone, and once', async () => {
    const before = await role();
    const made = join(await freshFolder(), 'made');
    const chaos = [
      `{ at: 500ms, do: exec, with: { command: [touch, ${made}], undo: [rm, ${made}] } }`,
      '{ at: 1s, do: db.role_limit, with: { connections: 3 } }',
      '{ at: 1s, do: db.rotate_password }',
    ];
    const allowed = 'allow_exec: true, allow_destructive: [db.role_limit, db.rotate_password]';
    const { folder } = await runUntil(await scenario(chaos.join(', '), allowed), 2, 'SIGKILL');
    expect(await role()).not.toEqual(before);
    expect(existsSync(made)).toBe(true);
    const file = join(folder, 'undo.json');
    const whole = readFileSync(file, 'utf8');
    expect(whole).not.toContain(server.password);

    const powerless = await runCli(['undo', folder, '--url', server.url('watcher', 'watching')]);
    expect(powerless.exitCode).toBe(5);
    expect(powerless.stderr).toMatch(
      /still changed: role api: connection limit 3 instead of 25\n {2}.*permission denied/s,
    );
    expect(powerless.stderr).toMatch(/still changed: whatever touch has done\n {2}.*--allow-exec/);
    const nobody = await runCli(['undo', folder, '--url', 'postgres://x:y@127.0.0.1:1/z']);
    expect([nobody.exitCode, nobody.stderr.includes("can't reach 127.0.0.1:1")]).toEqual([5, true]);
    writeFileSync(file, whole.slice(0, 100));
    expect(await runCli(['undo', folder])).toMatchObject({ exitCode: 5 });
    writeFileSync(file, whole.replace(/"system_identifier": "\d+"/, '"system_identifier": "1"'));
    const another = await runCli(['undo', folder]);
    expect([another.exitCode, another.stderr.includes('not the one that was changed')]).toEqual([5, true]);
    expect(await role()).not.toEqual(before);

    writeFileSync(file, whole);
    const undone = await runCli(['undo', folder, '--allow-exec']);
    expect(undone).toMatchObject({ exitCode: 0, stderr: '' });
    expect(undone.stdout.split('\n').sort()).toEqual([
      'undone: role api: another password',
      'undone: role api: connection limit 3 instead of 25',
      'undone: whatever touch has done',
    ]);
    expect(await role()).toEqual(before);
    expect(existsSync(made)).toBe(false);
    expect(await runCli(['undo', folder])).toMatchObject({ exitCode: 0, stdout: 'nothing is to be undone' });
    expect(await role()).toEqual(before);
  });

  it('an expired credential is valid as long as it was, after kill -9', async () => {
    const before = await role();
    const chaos = '{ at: 1s, do: db.expire_credentials, with: { refresh_after: 60s } }';
    const file = await scenario(chaos, 'allow_destructive: [db.expire_credentials]');
    const { folder } = await runUntil(file, 1, 'SIGKILL');
    expect(await role()).not.toEqual(before);
    expect(await runCli(['undo', folder])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await role()).toEqual(before);
  });

  it('Ctrl-C undoes by itself', async () => {
    const before = await role();
    const chaos = '{ at: 1s, do: db.role_limit, with: { connections: 3 } }';
    const file = await scenario(chaos, 'allow_destructive: [db.role_limit]');
    const { folder, exitCode } = await runUntil(file, 1, 'SIGINT');
    expect(exitCode).toBe(130);
    expect(await role()).toEqual(before);
    expect(pendingOf((await readUndoJournal(folder))!)).toEqual([]);
  });

  it('locks, held slots and half-open connections end with a run that was killed: nothing is to be undone', async () => {
    const chaos = [
      '{ at: 1s, do: db.lock, with: { table: orders } }',
      '{ at: 1s, do: db.hold, with: { connections: 5 } }',
      '{ at: 1s, do: db.half_open, with: { connections: 5 } }',
    ];
    const allowed = 'allow_destructive: [db.lock, db.hold, db.half_open]';
    const { folder } = await runUntil(await scenario(chaos.join(', '), allowed), 3, 'SIGKILL');
    await until(async () => {
      const rows = await server.query(
        `select from pg_stat_activity where application_name like 'poolproof%'
        union all select from pg_locks where mode = 'AccessExclusiveLock'`,
      );
      return rows.length === 0;
    });
    expect(await runCli(['undo', folder])).toMatchObject({ exitCode: 0, stdout: 'nothing is to be undone' });
  });

  it('a folder that is no run is refused', async () => {
    expect((await runCli(['undo', join(await freshFolder(), 'nowhere')])).exitCode).toBe(2);
    expect(await runCli(['undo', await freshFolder()])).toMatchObject({ exitCode: 0 });
  });
});
