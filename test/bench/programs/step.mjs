// A step in load through the emulator, to a service that takes the same few microseconds for every request. Arguments:
// the service's program, the rate before the step and the rate after it. Prints, for every second from the step on,
// how long each part of the way took.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRunClock } from '#dist/base/clock.js';
import { startProcessGuard } from '#dist/base/process-guard.js';
import { attemptsIn } from '#dist/evidence/dataset/attempt-block.js';
import { startLoad } from '#dist/load/start-load.js';
import { makePlan } from '#dist/plan/make-plan.js';
import { makeLocalPlatform } from '#dist/platform/local/local-platform.js';
import { loadScenario } from '#dist/scenario/load-scenario.js';
import { quantile } from '../statistics.mjs';

const [program, low, high] = process.argv.slice(2);
const leadUs = 2_500_000;
const calmSec = 5;
const stepSec = 3;

const folder = mkdtempSync(join(tmpdir(), 'poolproof-step-'));
const guard = startProcessGuard();
const clock = makeRunClock();
try {
  const plan = await planOf(Number(low), Number(high));
  const platform = await startPlatform();
  try {
    report(await load(plan, platform));
  } finally {
    await platform.stop(1000);
  }
} finally {
  guard.dismiss();
  rmSync(folder, { recursive: true, force: true });
}

async function load(plan, platform) {
  const attempts = [];
  const loadStartUs = clock.nowUs() + leadUs;
  const running = await startLoad({
    plan,
    url: platform.url,
    warmPath: platform.warmPath ?? platform.pingPath,
    clock,
    loadStartUs,
    onAttempts: (block) => attempts.push(...attemptsIn(block)),
  });
  await running.finished;
  return { attempts, stepUs: loadStartUs + calmSec * 1e6 };
}

function report({ attempts, stepUs }) {
  const seconds = Array.from({ length: stepSec }, (_, second) => {
    const fromUs = stepUs + second * 1e6;
    const own = attempts.filter(({ intendedUs }) => intendedUs >= fromUs && intendedUs < fromUs + 1e6);
    const p99 = (pick) =>
      quantile(
        own.map(pick).sort((a, b) => a - b),
        0.99,
      ) / 1000;
    return {
      sent: own.length,
      notOk: countsOf(own.filter(({ outcome }) => outcome !== 'ok')),
      lagMs: p99(({ sentUs, intendedUs }) => sentUs - intendedUs),
      inMs: p99(({ receivedUs, sentUs }) => receivedUs - sentUs),
      outMs: p99(({ endedUs, receivedUs }) => endedUs - receivedUs),
      responseMs: p99(({ endedUs, intendedUs }) => endedUs - intendedUs),
    };
  });
  console.log(JSON.stringify(seconds));
}

/** How often each way of not being ok came. */
function countsOf(attempts) {
  const counts = {};
  for (const { outcome, errorCode } of attempts) {
    const name = `${outcome} ${errorCode}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

async function planOf(lowPerSec, highPerSec) {
  const phases = [
    { name: 'calm', duration: `${calmSec}s`, rate: `${lowPerSec}/s` },
    { name: 'step', duration: `${stepSec}s`, rate: `${highPerSec}/s` },
  ];
  const scenario = {
    version: 1,
    name: 'step',
    seed: 1,
    contract: {
      service: { name: 'target', max_instances: 1, container_concurrency: 1000, request_timeout_seconds: 30 },
      database: { app_pool_max: 4, acquire_timeout_ms: 1000, statement_timeout_ms: 5000 },
    },
    target: { local: { command: [program] } },
    traffic: { arrivals: 'poisson', max_in_flight: 5000, phases },
    requests: [{ name: 'ok', get: '/ok' }],
    client: { timeout: '30s', retry: 'none' },
  };
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, JSON.stringify(scenario));
  return makePlan(await loadScenario(file, { env: {} }));
}

function startPlatform() {
  const resource = {
    template: {
      maxInstanceRequestConcurrency: 1000,
      scaling: { minInstanceCount: 1, maxInstanceCount: 1 },
      containers: [{ name: 'target', ports: [{ containerPort: 8080 }] }],
    },
  };
  const programs = { target: { kind: 'process', command: [program] } };
  const service = { name: 'target', resource, programs, cwd: folder, secretFiles: {}, startupDelayMs: 0 };
  const local = {
    kind: 'local',
    service: 'target',
    services: [service],
    emulation: { profile: 'cloudrun', timeScale: 1, idleCpu: 'full', slotAfterTimeout: 'held' },
  };
  return makeLocalPlatform(local, guard).start({
    databases: {},
    clock,
    onEvent: () => undefined,
    signal: new AbortController().signal,
  });
}
