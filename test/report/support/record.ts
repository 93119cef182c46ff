import type { RunRecord } from '../../../src/evidence/run-record.ts';
import { noRetry } from '../../support/no-retry.ts';
import type { Shape } from './shapes.ts';

/** `run.json` of a made-up run. */
export function makeRecord(shape: Shape): RunRecord {
  const phases = phasesOf(shape);
  const planned = phases.reduce((sum, phase) => sum + phase.arrivals, 0);
  return {
    schema_version: 1,
    tool: { name: 'poolproof', version: '0.1.0', node: '20.20.2' },
    name: shape.name,
    started_at: '2026-11-21T00:17:03.000Z',
    machine: { platform: 'linux', arch: 'x64', cpus: 2, memory_bytes: 8 * 1024 ** 3 },
    seed: shape.seed,
    schedule: { hash: '7c1e0f9a2b5d4c3e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e', planned },
    arrivals: 'poisson',
    routes: [
      { name: 'read', weight: 9, hold_ms: 20 },
      { name: 'write', weight: 1, hold_ms: null },
    ],
    phases,
    load_start_us: shape.loadStartUs,
    contract: contractOf(shape),
    limits: { maxConnections: shape.maxConnections, superuserReserved: 3, reservedConnections: 0 },
    platform: { kind: 'local', profile: 'cloudrun', service: 'api' },
    postgres: { kind: 'embedded', version: '18.4' },
    sampling: { every_ms: 50 },
    client: {
      timeout_ms: shape.clientTimeoutMs,
      deadline_ms: 5000,
      retry: 'none',
      clients: 1,
      connections: 'keep_alive',
      policy: noRetry,
    },
    max_in_flight: 2000,
    accept_overcommit: shape.maxInstances * shape.poolMax > shape.maxConnections,
    checks: [{ id: 'fits-steady', level: 'ok', message: '5 x 1 x 4 + 30 = 50 <= 97', overcommit: true }],
    predictions: [],
    database_clock: { offset_us: 120, error_us: 310 },
    ended: {
      how: 'completed',
      at_us: shape.loadStartUs + (shape.baselineS + shape.stressS + shape.recoveryS + 1) * 1e6,
      reason: null,
    },
  };
}

function phasesOf({ baselineS, stressS, recoveryS, baseRate, stressRate }: Shape): RunRecord['phases'] {
  let endUs = 0;
  return [
    { name: 'baseline', seconds: baselineS, rate: baseRate },
    { name: 'burst', seconds: stressS, rate: stressRate },
    { name: 'recovery', seconds: recoveryS, rate: baseRate },
  ].map(({ name, seconds, rate }) => {
    const startUs = endUs;
    endUs += seconds * 1e6;
    const arrivals = seconds * rate;
    return {
      name,
      startUs,
      endUs,
      ratePerSec: rate,
      rampToPerSec: rate,
      peakPerSec: rate,
      shape: `${rate}/s`,
      process: 'poisson',
      closed: null,
      dispersion: null,
      longRunDispersion: null,
      stress: name === 'burst',
      arrivals,
      arrivalsPerRoute: [arrivals * 0.9, arrivals * 0.1],
    };
  });
}

function contractOf({ maxInstances, poolMax }: Shape): RunRecord['contract'] {
  return {
    services: [
      {
        name: 'api',
        maxInstances,
        minInstances: 1,
        containerConcurrency: 10,
        workersPerInstance: 1,
        poolMax,
        poolMin: 0,
        backgroundSessions: 0,
        rolloutOverlap: 1,
        acquireTimeoutMs: 1000,
        statementTimeoutMs: 5000,
        requestTimeoutMs: 30_000,
        match: { role: 'api_service' },
      },
    ],
    headroom: [
      { purpose: 'admin_and_migrations', slots: 10 },
      { purpose: 'other_services', slots: 20 },
    ],
    assumed: ['api.background_sessions', 'api.app_pool_min'],
  };
}
