// What the emulator adds to a request, against going to the same program directly; in one run, taking turns.
import autocannon from 'autocannon';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { makeRunClock } from '#dist/base/clock.js';
import { startProcessGuard } from '#dist/base/process-guard.js';
import { makeLocalPlatform } from '#dist/platform/local/local-platform.js';
import { childRunning, cpuUs } from './cpu.mjs';
import { pacedMs } from './paced.mjs';
import { row } from './row.mjs';
import { median, quantile } from './statistics.mjs';

const rounds = 3;
const seconds = 8;
const directPort = 19_871;
const target = fileURLToPath(new URL('target.mjs', import.meta.url));

/** Rows for the table: name, value, unit, what it is held against, and the ratio. */
export async function benchEmulator() {
  const direct = spawn(process.execPath, [target], { env: { ...process.env, PORT: String(directPort) } });
  const guard = startProcessGuard();
  const platform = await startPlatform(guard);
  try {
    return await measure(`http://127.0.0.1:${directPort}`, platform.url);
  } finally {
    await platform.stop(1000);
    direct.kill();
    guard.dismiss();
  }
}

async function measure(directUrl, emulatedUrl) {
  const emulator = childRunning('emulator-main');
  const saturated = { direct: [], emulated: [], cpu: [] };
  const paced = { direct: [], emulated: [] };
  await flood(emulatedUrl, 2);
  for (let round = 0; round < rounds; round += 1) {
    saturated.direct.push((await flood(directUrl, seconds)).perSec);
    const before = cpuUs(emulator);
    const flooded = await flood(emulatedUrl, seconds);
    saturated.emulated.push(flooded.perSec);
    saturated.cpu.push((cpuUs(emulator) - before) / flooded.requests);
    const pace = { ratePerSec: 500, seconds: 4 };
    paced.direct.push(quantile(await pacedMs(directUrl, pace), 0.5));
    paced.emulated.push(quantile(await pacedMs(emulatedUrl, pace), 0.5));
  }
  return rows(saturated, paced);
}

function rows(saturated, paced) {
  const [directPerSec, emulatedPerSec] = [median(saturated.direct), median(saturated.emulated)];
  const [directMs, emulatedMs] = [median(paced.direct), median(paced.emulated)];
  const directly = (value) => ({ peer: { name: 'the same program directly', value } });
  return [
    row('emulator: saturated, 50 connections', emulatedPerSec, 'requests/s', directly(directPerSec)),
    row('emulator: CPU of its process', median(saturated.cpu), 'us/request'),
    row('emulator: p50 at 500/s', emulatedMs, 'ms', directly(directMs)),
    row('emulator: added to p50 at 500/s', emulatedMs - directMs, 'ms'),
  ];
}

async function flood(url, duration) {
  const result = await autocannon({ url, connections: 50, duration });
  if (result.errors + result.non2xx > 0)
    throw new Error(`${result.errors} errors, ${result.non2xx} answers that were not ok`);
  return { perSec: result.requests.total / result.duration, requests: result.requests.total };
}

function startPlatform(guard) {
  const program = { kind: 'process', command: [process.execPath, target] };
  const resource = {
    template: {
      maxInstanceRequestConcurrency: 1000,
      scaling: { minInstanceCount: 1, maxInstanceCount: 1 },
      containers: [{ name: 'target', ports: [{ containerPort: 8080 }] }],
    },
  };
  const service = { name: 'target', resource, programs: { target: program }, cwd: process.cwd() };
  const local = {
    kind: 'local',
    service: 'target',
    services: [{ ...service, secretFiles: {}, startupDelayMs: 0 }],
    emulation: { profile: 'cloudrun', timeScale: 1, idleCpu: 'full', slotAfterTimeout: 'held' },
  };
  return makeLocalPlatform(local, guard).start({
    databases: {},
    clock: makeRunClock(),
    onEvent: () => undefined,
    signal: new AbortController().signal,
  });
}
