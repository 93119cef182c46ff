import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logGap } from '../../src/evidence/sessions/connections.ts';
import { readEvidence } from '../../src/evidence/read-evidence.ts';
import { matchByPort } from '../../src/evidence/sessions/sessions.ts';
import { freshFolder, onlyRunFolder, runCli } from '../support/cli.ts';
import { hasOwnPostgres, startOwnPostgres, type OwnPostgres } from '../support/own-postgres.ts';

const isThere = hasOwnPostgres("a run on somebody's own server");

const limit = 40;

async function scenarioFor(maxConnections: number, claim: number): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'poolproof-test-')), 'own.yaml');
  await writeFile(
    file,
    `version: 1
name: own-server
contract:
  service: { name: api, max_instances: ${claim}, container_concurrency: 8 }
  database: { app_pool_max: 4, reserved_headroom_for_admin_and_migrations: 10 }
target: { local: { command: [node, ${resolve('scenarios/service/server.mjs')}] } }
postgres:
  url: \${env:DATABASE_URL}
  monitor_url: \${env:MONITOR_URL}
  headroom_url: \${env:HEADROOM_URL}
  max_connections: ${maxConnections}
  setup: ${resolve('scenarios/service/schema.sql')}
traffic: { phases: [{ name: baseline, duration: 3s, rate: 20/s }, { name: after, duration: 2s, rate: 20/s }] }
requests: [{ name: read, get: "/orders/1" }]
`,
  );
  return file;
}

describe.runIf(isThere)("a run on somebody's own server", () => {
  let own: OwnPostgres;
  let env: Record<string, string>;
  let sql: string;
  beforeAll(async () => {
    const settings = { logging_collector: 'on', log_destination: 'csvlog', log_connections: 'on' };
    own = await startOwnPostgres({
      maxConnections: limit,
      settings: { ...settings, log_disconnections: 'on' },
      setup: ['create role app login password :password', 'create database app owner app'],
    });
    env = {
      DATABASE_URL: own.url('app', 'app'),
      MONITOR_URL: own.url('poolproof_monitor', 'poolproof'),
      HEADROOM_URL: own.url('poolproof_headroom', 'poolproof'),
    };
    const doctor = await runCli(['doctor', '--json'], env);
    sql = (JSON.parse(doctor.stdout) as { sql: string }).sql.replaceAll('choose one', own.password);
  });
  afterAll(() => own.stop());

  it('begins with what doctor prints: the roles are made by it, and then it finds nothing in the way', async () => {
    await execa('psql', [own.url('postgres', 'app'), '-v', 'ON_ERROR_STOP=1', '-q'], { input: sql });
    const end = await runCli(['doctor', await scenarioFor(limit, 2), '--json'], env);
    const { findings } = JSON.parse(end.stdout) as { findings: { what: string; status: string }[] };
    const by = (what: string): string | undefined => findings.find((one) => one.what === what)?.status;
    expect(findings.filter(({ status }) => status === 'problem')).toEqual([]);
    expect(end.exitCode).toBe(0);
    expect(['limits', 'monitor', 'logins', 'own sessions', 'server log', 'canary'].map(by)).toEqual(
      Array.from({ length: 6 }, () => 'ok'),
    );
    // Neither the role nor the server has a statement timeout, which the contract promises.
    expect([by('statement_timeout'), by('sampling')]).toEqual(['note', 'note']);
  });

  it('has the log of that server as evidence, and no password is in anything that it wrote', async () => {
    const out = await freshFolder();
    const end = await runCli(['run', await scenarioFor(limit, 2), '--out', out, '--progress', 'none'], env);
    expect(end.stderr).toBe('');
    const folder = onlyRunFolder(out);
    const { run, events, backends } = await readEvidence(folder);
    expect(run.postgres.kind).toBe('url');
    expect(run.limits.maxConnections).toBe(limit);
    // What the links saw stands in the server's log, word for word.
    const { sessions } = matchByPort(events, events);
    expect(sessions.both).toBeGreaterThan(0);
    expect(sessions.onlyLink).toEqual([]);
    expect(logGap(events)).toBeNull();
    expect(backends.some(({ source, service }) => source === 'sampler' && service === 'api')).toBe(true);
    expect(backends.every(({ applicationName }) => applicationName !== 'poolproof')).toBe(true);
    const { stdout } = await execa('grep', ['-rl', own.password, folder], { reject: false });
    expect(stdout).toBe('');
  });

  it('is refused before anything is sent where the server is not what was declared, or too small', async () => {
    const out = await freshFolder();
    const declared = await runCli(['run', await scenarioFor(100, 2), '--out', out], env);
    expect(declared.exitCode).toBe(2);
    expect(declared.stderr).toContain(
      'the server allows 40 sessions (max_connections), and the scenario says 100',
    );
    const end = await runCli(['doctor', await scenarioFor(100, 2)], env);
    expect(end.exitCode).toBe(2);
    expect(end.stdout).toContain('declare max_connections: 40');
  });
});
