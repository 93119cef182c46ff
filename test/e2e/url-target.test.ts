import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '../../src/verdict/summary/summary.ts';
import { freshFolder, onlyRunFolder, runCli } from '../support/cli.ts';
import { hasOwnPostgres, startOwnPostgres, type OwnPostgres } from '../support/own-postgres.ts';

const suite = 'a service at an address';
const claim = 4;

describe.runIf(hasOwnPostgres(suite))(suite, () => {
  let own: OwnPostgres;
  let env: Record<string, string>;
  let service: ChildProcess | null = null;

  beforeAll(async () => {
    own = await startOwnPostgres({
      maxConnections: 40,
      settings: {
        logging_collector: 'on',
        log_destination: 'csvlog',
        log_connections: 'on',
        log_disconnections: 'on',
      },
      setup: [
        'create role app login password :password',
        'create database app owner app',
        'create role monitor login replication password :password',
        'grant pg_monitor to monitor',
        'grant execute on function pg_current_logfile(text) to monitor',
        'grant execute on function pg_read_binary_file(text, bigint, bigint, boolean) to monitor',
        'create role headroom login password :password',
      ],
    });
    env = {
      DATABASE_URL: own.url('app', 'app'),
      MONITOR_URL: own.url('monitor', 'postgres'),
      HEADROOM_URL: own.url('headroom', 'postgres'),
    };
  });
  afterEach(() => void service?.kill('SIGKILL'));
  afterAll(() => own.stop());

  /** Starts the service with a pool of this width, and tells where it listens. */
  async function startService(poolMax: number): Promise<string> {
    service = spawn(process.execPath, [resolve('test/fixtures/url/plain-service.mjs')], {
      env: { DATABASE_URL: own.url('app', 'app'), POOL_MAX: String(poolMax) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port] = (await once(service.stdout!, 'data')) as [Buffer];
    return `http://127.0.0.1:${port.toString().trim()}`;
  }

  async function scenarioFor(url: string): Promise<string> {
    const file = join(await mkdtemp(join(tmpdir(), 'poolproof-test-')), 'url.yaml');
    await writeFile(
      file,
      `version: 1
name: url
contract:
  service: { name: api, max_instances: 1, container_concurrency: 80, request_timeout_seconds: 5 }
  database: { app_pool_max: ${claim}, acquire_timeout_ms: 1000, statement_timeout_ms: 2000 }
target: { url: "${url}" }
postgres:
  url: \${env:DATABASE_URL}
  monitor_url: \${env:MONITOR_URL}
  headroom_url: \${env:HEADROOM_URL}
  max_connections: 40
traffic:
  phases:
    - { name: baseline, duration: 15s, rate: 10/s }
    - { name: burst, duration: 8s, rate: 70/s, stress: true }
    - { name: recovery, duration: 28s, rate: 10/s }
requests: [{ name: read, get: /, hold: 100ms }]
`,
    );
    return file;
  }

  async function judged(poolMax: number): Promise<Summary> {
    const out = await freshFolder();
    const file = await scenarioFor(await startService(poolMax));
    const end = await runCli(['run', file, '--out', out, '--progress', 'none'], env);
    expect(end.stderr).toBe('');
    return JSON.parse(await readFile(join(onlyRunFolder(out), 'summary.json'), 'utf8')) as Summary;
  }

  const boundOf = (summary: Summary, id: string) => summary.bounds.find((bound) => bound.id === id);

  it('passes when its pool fits, and what an address does not tell is said and never guessed', async () => {
    const summary = await judged(claim);
    expect({ verdict: summary.verdict, headline: summary.headline }).toMatchObject({ verdict: 'PASS' });
    expect(boundOf(summary, 'B01')).toMatchObject({ status: 'PASS', limit: claim, provenance: 'observed' });
    for (const [id, what] of [
      ['B02', 'revisions'],
      ['B06', 'instances'],
      ['B08', 'instances'],
      ['B23', 'revisions'],
      ['B25', 'instances'],
    ] as const)
      expect(boundOf(summary, id)).toMatchObject({
        status: 'NOT_APPLICABLE',
        reason: `${what} are not known at an address`,
      });
    expect(summary.validity.find(({ id }) => id === 'V04')).toMatchObject({ ok: true });
    expect(summary.provenance).toMatchObject({ platform: 'observed', profile: null });
  });

  it('fails when its pool is wider than what was promised', async () => {
    const summary = await judged(3 * claim);
    expect(summary.verdict).toBe('FAIL');
    expect(boundOf(summary, 'B01')).toMatchObject({ status: 'FAIL', limit: claim });
  });

  it('is refused when nothing answers there, and no run is left behind', async () => {
    const out = await freshFolder();
    const end = await runCli(['run', await scenarioFor('http://127.0.0.1:1'), '--out', out], env);
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toContain('the platform does not answer at http://127.0.0.1:1');
  });
});
