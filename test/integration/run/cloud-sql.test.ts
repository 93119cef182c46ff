import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { logGap } from '../../../src/evidence/sessions/connections.ts';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import { readConductor } from '../../../src/evidence/run-conductor.ts';
import { cloudSqlSetup, startCloudSql, type CloudSqlStand } from '../../support/cloud-sql.ts';
import { freshFolder, onlyRunFolder, runCli, startCli } from '../../support/cli.ts';
import { hasOwnPostgres, startOwnPostgres, type OwnPostgres } from '../../support/own-postgres.ts';
import { until } from '../../support/until.ts';

const suite = 'a run on Cloud SQL';
const isThere = hasOwnPostgres(suite);

describe.runIf(isThere)(suite, () => {
  let own: OwnPostgres;
  let stand: CloudSqlStand;
  beforeAll(async () => {
    own = await startOwnPostgres({
      maxConnections: 40,
      // As an instance has them once the flags for connections are set.
      settings: {
        logging_collector: 'on',
        log_destination: 'stderr',
        log_line_prefix: '%m [%p]: [%l-1] db=%d,user=%u ',
        log_timezone: 'UTC',
        log_connections: 'on',
        log_disconnections: 'on',
        log_min_error_statement: 'panic',
      },
      setup: cloudSqlSetup,
    });
    stand = await startCloudSql({ postgresPort: own.port, address: '127.0.0.78' });
  });
  afterAll(async () => {
    stand.stop();
    await own.stop();
  });

  async function scenario(more: string, safety = '', setup = ''): Promise<{ file: string; log: string }> {
    const folder = await freshFolder();
    const file = join(folder, 'cloud.yaml');
    const login = (user: string, database: string): string =>
      `{ user: ${user}, password: '${own.password}', database: ${database} }`;
    writeFileSync(
      file,
      `version: 1
name: cloud
contract:
  service: { name: api, max_instances: 2, container_concurrency: 8, request_timeout_seconds: 5 }
  database: { app_pool_max: 4, acquire_timeout_ms: 1000, statement_timeout_ms: 2000, reserved_headroom_for_admin_and_migrations: 5 }
target: { local: { command: [node, ${JSON.stringify(resolve('scenarios/service/server.mjs'))}] } }
postgres:
  cloud_sql:
    instance: ${stand.instance}
    admin_api: ${stand.adminApi}
    service: ${login('api', 'shop')}
    monitor: ${login('watcher', 'poolproof')}
    headroom: ${login('probe', 'poolproof')}
    admin: ${login('postgres', 'shop')}
  max_connections: 40
${setup}  log: { file: log.json, wait: 30s }
${more}
requests: [{ name: read, get: /orders/1 }]
safety: { allow_hosts: [127.0.0.1, '${stand.instance}']${safety} }
`,
    );
    return { file, log: join(folder, 'log.json') };
  }

  /** What Cloud Logging makes of the server's log: an entry a message. */
  function exportLog(file: string): void {
    const folder = join(own.folder, 'data', 'log');
    const text = readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
    const messages = text.split(/\n(?=\d{4}-)/).filter((one) => /^\d{4}-/.test(one));
    const entries = messages.map((textPayload, index) => ({
      timestamp: textPayload.slice(0, 23).replace(' ', 'T') + 'Z',
      insertId: `i${index}`,
      logName: 'projects/orders-test/logs/cloudsql.googleapis.com%2Fpostgres.log',
      resource: { type: 'cloudsql_database', labels: { database_id: 'orders-test:shop' } },
      textPayload: textPayload.trimEnd(),
    }));
    writeFileSync(`${file}.tmp`, JSON.stringify(entries.reverse(), null, 2));
    renameSync(`${file}.tmp`, file);
  }

  it('is judged by the exported log too, and while it is going nobody undoes it', async () => {
    const { file, log } = await scenario(
      'traffic: { phases: [{ name: steady, duration: 6s, rate: 20/s }] }',
      '',
      `  setup: ${resolve('scenarios/service/schema.sql')}\n`,
    );
    const out = await freshFolder();
    const cli = startCli(['run', file, '-o', out, '--progress', 'none'], stand.env);
    const exporting = setInterval(() => exportLog(log), 1000);
    onTestFinished(() => clearInterval(exporting));
    await until(
      async () => readdirSync(out).length === 1 && (await readConductor(onlyRunFolder(out))) !== null,
    );
    const folder = onlyRunFolder(out);
    const early = await runCli(['undo', folder], stand.env);
    expect([early.exitCode, early.stderr]).toEqual([
      2,
      expect.stringMatching(/is still going \(process \d+\)/),
    ]);
    const { exitCode, stderr } = await cli;
    expect(stderr).not.toContain(own.password);
    expect([0, 1, 3]).toContain(exitCode);
    expect(await runCli(['undo', folder], stand.env)).toMatchObject({
      exitCode: 0,
      stdout: 'nothing is to be undone',
    });
    const { events, run } = await readEvidence(folder);
    expect(run.postgres.kind).toBe('cloud_sql');
    expect(logGap(events)).toBeNull();
    const sessions = events.filter((event) => event.kind === 'link' && event.what === 'session').length;
    const logins = events.filter(
      (event) => event.kind === 'log' && event.what === 'authorized' && event.role === 'api',
    ).length;
    expect(sessions).toBeGreaterThan(0);
    expect(logins).toBe(sessions);
    expect(readFileSync(join(folder, 'effective.yaml'), 'utf8')).not.toContain(own.password);
  });

  it('that was killed is undone through the connector', async () => {
    const chaos = 'chaos: [{ at: 500ms, do: db.role_limit, with: { connections: 3 } }]';
    const { file } = await scenario(
      `traffic: { phases: [{ name: steady, duration: 30s, rate: 5/s }] }\n${chaos}`,
      ', allow_destructive: [db.role_limit]',
    );
    const out = await freshFolder();
    const cli = startCli(['run', file, '-o', out, '--progress', 'none'], stand.env);
    const limit = async (): Promise<unknown> =>
      (await own.query(`select rolconnlimit from pg_roles where rolname = 'api'`))[0]?.['rolconnlimit'];
    await until(async () => (await limit()) === 3 || cli.exitCode !== null);
    cli.kill('SIGKILL');
    await cli;
    const folder = onlyRunFolder(out);
    const undone = await runCli(['undo', folder], stand.env);
    expect(undone).toMatchObject({
      exitCode: 0,
      stdout: 'undone: role api: connection limit 3 instead of -1',
    });
    expect(await limit()).toBe(-1);
  });

  it('finds nothing in its way by doctor', async () => {
    const { file } = await scenario('traffic: { phases: [{ name: steady, duration: 6s, rate: 20/s }] }');
    const { exitCode, stdout } = await runCli(['doctor', file], stand.env);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`at Cloud SQL ${stand.instance}`);
    expect(stdout).toContain('read from its export');
  });
});
