import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run, type Summary } from 'poolproof';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { freshFolder } from './cli.ts';
import { startOwnPostgres, type OwnPostgres } from './own-postgres.ts';

/** What the contract of the service promises. */
export const claim = 4;

export interface AddressService {
  /** Runs load at a service with a pool of this width. */
  readonly judged: (poolMax: number) => Promise<Summary>;
  /** A scenario for a service at this address. */
  readonly scenarioFor: (url: string) => Promise<string>;
  readonly env: () => Readonly<Record<string, string>>;
}

/** A plain service on somebody's own Postgres, for the tests of the file that calls it. */
export function useAddressService(): AddressService {
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
    const file = await scenarioFor(await startService(poolMax));
    const { summary } = await run(file, { out: await freshFolder(), env });
    return summary;
  }

  return { judged, scenarioFor, env: () => env };
}

export function boundIn(summary: Summary, id: string): Summary['bounds'][number] | undefined {
  return summary.bounds.find((bound) => bound.id === id);
}
