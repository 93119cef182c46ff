import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { makeAttemptBlocks, type AttemptBlock } from '../../src/evidence/dataset/attempt-block.ts';
import type { Attempt } from '../../src/evidence/attempt.ts';
import type { BackendRow } from '../../src/evidence/dataset/backend-row.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import type { InstanceEvent, LinkEvent, LogEvent, SampleEvent } from '../../src/evidence/event.ts';
import type { RunRecord } from '../../src/evidence/run-record.ts';
import { noRetry } from '../support/no-retry.ts';

const made: string[] = [];
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that is gone when the test file has ended. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'poolproof-evidence-'));
  made.push(folder);
  return folder;
}

export const run: RunRecord = {
  schema_version: 1,
  tool: { name: 'poolproof', version: '0.1.0', node: 'v20.20.2' },
  name: 'burst',
  started_at: '2026-11-21T00:17:05.000Z',
  machine: { platform: 'linux', arch: 'x64', cpus: 2, memory_bytes: 4e9 },
  seed: 42,
  schedule: { hash: 'ab12', planned: 3 },
  arrivals: 'poisson',
  routes: [{ name: 'read', weight: 1, hold_ms: null }],
  phases: [],
  load_start_us: 1_000_000,
  contract: {
    services: [
      {
        name: 'api',
        maxInstances: 8,
        minInstances: 0,
        containerConcurrency: 16,
        workersPerInstance: 1,
        poolMax: 4,
        poolMin: 0,
        backgroundSessions: 0,
        rolloutOverlap: 1,
        acquireTimeoutMs: 1000,
        statementTimeoutMs: 5000,
        requestTimeoutMs: 30_000,
        match: { role: 'api' },
      },
    ],
    headroom: [{ purpose: 'admin_and_migrations', slots: 10 }],
    assumed: [],
  },
  limits: { maxConnections: 100, superuserReserved: 3, reservedConnections: 0 },
  platform: { kind: 'local', profile: 'cloudrun', service: 'api' },
  postgres: { kind: 'embedded', version: '18.4' },
  sampling: { every_ms: 50 },
  client: {
    timeout_ms: 35_000,
    deadline_ms: 35_000,
    retry: 'none',
    clients: 1,
    connections: 'keep_alive',
    policy: noRetry,
  },
  max_in_flight: 2000,
  accept_overcommit: false,
  checks: [],
  predictions: [],
  database_clock: { offset_us: 12, error_us: 40 },
  ended: { how: 'completed', at_us: 9_000_000, reason: null },
};

/** A phase of nothing. */
export function phase(given: Partial<RunRecord['phases'][number]> = {}): RunRecord['phases'][number] {
  return {
    name: 'burst',
    startUs: 0,
    endUs: 1,
    ratePerSec: 0,
    rampToPerSec: 0,
    stress: true,
    arrivals: 0,
    arrivalsPerRoute: [],
    peakPerSec: 0,
    shape: '0/s',
    process: null,
    closed: null,
    dispersion: null,
    longRunDispersion: null,
    ...given,
  };
}

export function attempt(given: Partial<Attempt> = {}): Attempt {
  return {
    arrival: 0,
    attempt: 1,
    client: 0,
    route: 'read',
    phase: 'burst',
    intendedUs: 1000,
    sentUs: 1100,
    endedUs: 6000,
    status: 200,
    outcome: 'ok',
    errorCode: null,
    sqlstate: null,
    retryAfterMs: null,
    instance: null,
    revision: null,
    receivedUs: null,
    acquireUs: null,
    connectUs: null,
    ownUs: null,
    bodyValid: null,
    bytes: 0,
    ...given,
  };
}

/** Attempts as a lane hands them on. */
export function blockOf(attempts: readonly Attempt[]): AttemptBlock {
  const blocks = makeAttemptBlocks(attempts.length);
  for (const one of attempts) blocks.add(one);
  return blocks.take() ?? { count: 0, numbers: new Float64Array(0), strings: [] };
}

export function backend(given: Partial<BackendRow> = {}): BackendRow {
  return {
    tUs: 0,
    source: 'sampler',
    service: 'api',
    revision: null,
    instance: null,
    role: 'api',
    applicationName: null,
    state: 'idle',
    waitType: null,
    wait: null,
    count: 1,
    maxXactMs: null,
    maxQueryMs: null,
    maxStateMs: null,
    ...given,
  };
}

export function evidence(given: Partial<Evidence> = {}): Evidence {
  return { run, attempts: [], backends: [], events: [], gaps: [], ...given };
}

export function link(t_us: number, what: LinkEvent['what'], given: Partial<LinkEvent> = {}): LinkEvent {
  return { t_us, kind: 'link', service: 'api', revision: 'r1', instance: 'i1', what, port: 5000, ...given };
}

export function log(t_us: number, what: LogEvent['what'], given: Partial<LogEvent> = {}): LogEvent {
  return {
    t_us,
    kind: 'log',
    what,
    severity: what === 'error' ? 'FATAL' : 'LOG',
    sqlstate: null,
    pid: 1,
    port: 5000,
    role: what === 'received' ? null : 'api',
    database: 'orders',
    application_name: null,
    message: what,
    ...given,
  };
}

export function instance(
  t_us: number,
  state: InstanceEvent['state'],
  given: Partial<InstanceEvent> = {},
): InstanceEvent {
  return {
    t_us,
    kind: 'instance',
    service: 'api',
    revision: 'r1',
    instance: 'i1',
    state,
    reason: 'test',
    ...given,
  };
}

export function sample(
  t_us: number,
  backends: number,
  sessions: number,
  given: Partial<SampleEvent> = {},
): SampleEvent {
  return {
    t_us,
    kind: 'sample',
    ok: true,
    rtt_us: 300,
    server_us: 0,
    sessions,
    backends,
    starting: 0,
    ...given,
  };
}
