// `run.json`: three phases, and a service whose claim fits.
import { endUs, perSec, sampleMs, seconds, startUs, stress } from './made-of.mjs';

export function recordOf() {
  return {
    ...whatItWas(),
    ...whatWasSent(),
    ...whatWasThere(),
    accept_overcommit: false,
    checks: [],
    predictions: [],
    ended: { how: 'completed', at_us: endUs + 1e6, reason: null },
  };
}

function whatItWas() {
  return {
    schema_version: 1,
    tool: { name: 'poolproof', version: '0.0.0', node: process.version },
    name: 'long-run',
    started_at: '2026-11-21T00:00:00.000Z',
    machine: { platform: 'linux', arch: 'x64', cpus: 2, memory_bytes: 1e9 },
    seed: 1,
  };
}

function whatWasSent() {
  return {
    schedule: { hash: '0', planned: seconds * perSec },
    arrivals: 'uniform',
    routes: [{ name: 'read', weight: 1, hold_ms: null }],
    phases: [
      phase('baseline', 0, stress.fromUs),
      phase('stress', stress.fromUs, stress.toUs),
      phase('recovery', stress.toUs, seconds * 1e6),
    ],
    load_start_us: startUs,
    client: {
      timeout_ms: 20_000,
      deadline_ms: 20_000,
      retry: 'none',
      clients: 100,
      connections: 'keep_alive',
      policy: noRetry(),
    },
    max_in_flight: 2000,
  };
}

function whatWasThere() {
  return {
    contract: { services: [contract()], headroom: [{ purpose: 'other_services', slots: 20 }], assumed: [] },
    limits: { maxConnections: 100, superuserReserved: 3, reservedConnections: 0 },
    platform: { kind: 'local', profile: 'cloudrun', service: 'api' },
    postgres: { kind: 'embedded', version: '18.4' },
    sampling: { every_ms: sampleMs },
    database_clock: { offset_us: 0, error_us: 100 },
  };
}

function phase(name, fromUs, toUs) {
  return {
    name,
    startUs: fromUs,
    endUs: toUs,
    ratePerSec: perSec,
    rampToPerSec: perSec,
    peakPerSec: perSec,
    shape: `${perSec}/s`,
    process: 'uniform',
    closed: null,
    dispersion: null,
    longRunDispersion: null,
    stress: name === 'stress',
    arrivals: ((toUs - fromUs) / 1e6) * perSec,
    arrivalsPerRoute: [],
  };
}

function noRetry() {
  return {
    name: 'none',
    maxAttempts: 1,
    backoff: { initialMs: 0, maxMs: 0, multiplier: 1, jitter: 'none' },
    throttledInitialMs: null,
    retryOn: { statuses: [], connect: false, timeout: false },
    retryAfter: 'ignore',
    budget: null,
    layers: 1,
  };
}

function contract() {
  return {
    name: 'api',
    maxInstances: 5,
    minInstances: 5,
    containerConcurrency: 10,
    workersPerInstance: 1,
    poolMax: 4,
    poolMin: 0,
    backgroundSessions: 0,
    rolloutOverlap: 1,
    acquireTimeoutMs: 1000,
    statementTimeoutMs: 2000,
    requestTimeoutMs: 5000,
    match: { role: 'api' },
  };
}
