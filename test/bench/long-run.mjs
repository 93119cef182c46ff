// A run of ten minutes as a folder, made up: 500 requests a second, 20 samples a second, a stress phase in its middle.
import { makeRunClock } from '#dist/base/clock.js';
import { makeAttemptBlocks } from '#dist/evidence/attempt-block.js';
import { openRunWriter } from '#dist/evidence/run-writer.js';

const seconds = 600;
const perSec = 500;
const sampleMs = 50;
const sessions = 20;
const startUs = 3e6;
const stress = { fromUs: 200e6, toUs: 400e6 };
const blockRows = 1000;

/** Writes the run and yields how many attempts it has. */
export async function writeLongRun(folder) {
  const writer = await openRunWriter(folder, sealingClock());
  await writer.record(recordOf());
  for (const event of fixedEvents()) writer.event(event);
  const attempts = writeAttempts(writer);
  writeSamples(writer);
  await writer.close();
  if (writer.lost !== null) throw new Error(writer.lost);
  return attempts;
}

/** Stands still: nothing is closed by time, and all of it at the end. */
function sealingClock() {
  return { ...makeRunClock(), nowUs: () => 0 };
}

function writeAttempts(writer) {
  const blocks = makeAttemptBlocks(blockRows);
  const count = seconds * perSec;
  for (let arrival = 0; arrival < count; arrival += 1) {
    if (blocks.add(attemptOf(arrival))) writer.attempts(blocks.take());
  }
  const rest = blocks.take();
  if (rest !== null) writer.attempts(rest);
  return count;
}

/** Under stress every third request is turned away. */
function attemptOf(arrival) {
  const sinceUs = arrival * (1e6 / perSec);
  const phase = phaseAt(sinceUs);
  const isShed = phase === 'stress' && arrival % 3 === 0;
  const intendedUs = startUs + sinceUs;
  return {
    arrival,
    attempt: 1,
    client: arrival % 100,
    route: arrival % 10 === 0 ? 'report' : 'read',
    phase,
    intendedUs,
    sentUs: intendedUs + 40 + (arrival % 17),
    endedUs: intendedUs + (isShed ? 9000 : 12_000 + 40 * (arrival % 701)),
    status: isShed ? 503 : 200,
    outcome: isShed ? 'shed' : 'ok',
    errorCode: isShed ? 'shed' : null,
    sqlstate: null,
    retryAfterMs: isShed ? 1000 : null,
    instance: `instance-${arrival % 5}`,
    revision: 'api-1',
    receivedUs: intendedUs + 900 + (arrival % 90),
    acquireUs: isShed ? null : 20 * (arrival % 400),
    bodyValid: isShed ? null : true,
    bytes: 120,
  };
}

function phaseAt(sinceUs) {
  if (sinceUs < stress.fromUs) return 'baseline';
  return sinceUs < stress.toUs ? 'stress' : 'recovery';
}

function writeSamples(writer) {
  const states = [
    ['active', 'IO', 'DataFileRead', 6],
    ['active', null, null, 6],
    ['idle', 'Client', 'ClientRead', 8],
  ];
  for (let us = -1e6; us < seconds * 1e6; us += 1000 * sampleMs) {
    const tUs = startUs + us;
    const head = { kind: 'sample', t_us: tUs, ok: true, rtt_us: 700, server_us: tUs, took_us: 300 };
    const counts = {
      sessions,
      sessions_after: sessions,
      fresh: 0,
      young: 0,
      backends: sessions,
      starting: 0,
    };
    writer.event({ ...head, ...counts });
    writer.backends(states.map((state) => backendOf(tUs, state)));
  }
}

function backendOf(tUs, [state, waitType, wait, count]) {
  return {
    tUs,
    source: 'sampler',
    service: 'api',
    revision: null,
    instance: null,
    role: 'api',
    applicationName: 'api',
    state,
    waitType,
    wait,
    count,
    maxXactMs: state === 'active' ? 12 : null,
    maxQueryMs: state === 'active' ? 12 : null,
    maxStateMs: 12,
  };
}

function fixedEvents() {
  const whose = (index) => ({ service: 'api', revision: 'api-1', instance: `instance-${index}` });
  const fleet = [0, 1, 2, 3, 4].flatMap((index) => [
    { kind: 'instance', t_us: 1e6, ...whose(index), state: 'starting', reason: 'minimum' },
    { kind: 'instance', t_us: 2e6, ...whose(index), state: 'ready', reason: 'minimum', startup_us: 1e6 },
  ]);
  const links = Array.from({ length: sessions }, (_, index) => ({
    kind: 'link',
    t_us: startUs + index,
    ...whose(index % 5),
    what: 'session',
    port: 20_000 + index,
    role: 'api',
  }));
  const canaries = Array.from({ length: seconds }, (_, second) => canaryAt(startUs + second * 1e6 + 5e5));
  const lane = { lane: 0, sent: seconds * perSec, dropped: 0, unfinished: 0, cpu_us: 1 };
  const lags = {
    lag_p50_us: 40,
    lag_p99_us: 60,
    lag_max_us: 90,
    loop_delay_p99_us: 900,
    loop_delay_max_us: 4000,
  };
  return [
    { kind: 'ping', t_us: 2e6, n: 100, p50_us: 300, p99_us: 900 },
    ...fleet,
    ...links,
    ...links.map(loginOf),
    ...canaries.flat(),
    { kind: 'generator', t_us: startUs + seconds * 1e6, ...lane, ...lags },
  ];
}

/** What the server log has of a session through a link. */
function loginOf({ t_us, port, role }) {
  const line = {
    what: 'authorized',
    severity: 'LOG',
    sqlstate: null,
    pid: port,
    port,
    role,
    database: 'app',
  };
  return { kind: 'log', t_us, ...line, application_name: 'api', message: 'connection authorized' };
}

function canaryAt(tUs) {
  const line = { pid: Math.round(tUs / 1e6), port: null, role: 'poolproof_headroom', database: 'poolproof' };
  return [
    {
      kind: 'canary',
      t_us: tUs,
      role: 'headroom',
      ok: true,
      connect_us: 4000,
      query_us: 300,
      sqlstate: null,
      error: null,
    },
    {
      kind: 'log',
      t_us: tUs,
      what: 'authorized',
      severity: 'LOG',
      sqlstate: null,
      ...line,
      application_name: 'poolproof',
      message: 'connection authorized',
    },
  ];
}

function recordOf() {
  const phase = (name, fromUs, toUs) => ({
    name,
    startUs: fromUs,
    endUs: toUs,
    ratePerSec: perSec,
    rampToPerSec: perSec,
    stress: name === 'stress',
    arrivals: ((toUs - fromUs) / 1e6) * perSec,
    arrivalsPerRoute: [],
  });
  return {
    schema_version: 1,
    tool: { name: 'poolproof', version: '0.0.0', node: process.version },
    name: 'long-run',
    started_at: '2026-11-21T00:00:00.000Z',
    machine: { platform: 'linux', arch: 'x64', cpus: 2, memory_bytes: 1e9 },
    seed: 1,
    schedule: { hash: '0', planned: seconds * perSec },
    arrivals: 'uniform',
    routes: [{ name: 'read', weight: 1, hold_ms: null }],
    phases: [
      phase('baseline', 0, stress.fromUs),
      phase('stress', stress.fromUs, stress.toUs),
      phase('recovery', stress.toUs, seconds * 1e6),
    ],
    load_start_us: startUs,
    contract: { services: [contract()], headroom: [{ purpose: 'other_services', slots: 20 }], assumed: [] },
    limits: { maxConnections: 100, superuserReserved: 3, reservedConnections: 0 },
    platform: { kind: 'local', profile: 'cloudrun', service: 'api' },
    postgres: { kind: 'embedded', version: '18.4' },
    sampling: { every_ms: sampleMs },
    client: { timeout_ms: 20_000, deadline_ms: 20_000, retry: 'none' },
    max_in_flight: 2000,
    accept_overcommit: false,
    checks: [],
    predictions: [],
    database_clock: { offset_us: 0, error_us: 100 },
    ended: { how: 'completed', at_us: startUs + seconds * 1e6 + 1e6, reason: null },
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
