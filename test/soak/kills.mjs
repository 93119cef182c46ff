// Kills a process of a run at a random moment, as often as asked for, over six scenarios with the built command line:
// nothing may run on or stay behind, and no bound may FAIL that does not FAIL in an undisturbed run.
//   npm run soak:kills -- [--times 100] [--seed 1] [--lanes 1]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inLanes } from '../support/in-lanes.mjs';
import { killOnce, targets, waysToKill } from '../support/kill-once.mjs';

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '1' },
  },
});
const random = mulberry(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), 'poolproof-kills-'));
const faults = ['', 'db.latency', 'db.lock', 'db.hold', 'db.role_limit', 'db.rotate_password'];
const scenarios = faults.map(writeScenario);
const pick = (list) => list[Math.floor(random() * list.length)];
const orders = Array.from({ length: Number(values.times) }, (_, index) => ({
  index,
  scenario: scenarios[index % scenarios.length],
  target: pick(targets),
  way: pick(waysToKill),
  afterMs: Math.round(random() * 8_000),
}));

let bad = 0;
await inLanes(Math.max(1, Number(values.lanes)), orders, async (order) => {
  const end = await killOnce(order);
  const wrongs = wrongsOf(order, end);
  bad += wrongs.length === 0 ? 0 : 1;
  const { index, target, way, afterMs } = order;
  const words = wrongs.length === 0 ? 'ok' : `WRONG: ${wrongs.join('; ')} (${end.root})`;
  console.log(
    `${index + 1} ${faults[index % faults.length] || 'calm'} ${target} ${way} ${afterMs} ms: exit ${end.exit} ${end.verdict} ${words}`,
  );
  if (wrongs.length === 0) rmSync(end.root, { recursive: true, force: true });
});
console.log(bad === 0 ? 'every kill left nothing behind' : `${bad} of ${orders.length} kills went wrong`);
process.exitCode = bad === 0 ? 0 : 1;

function wrongsOf({ target }, { exit, left, folders, failing }) {
  return [
    ...(left.length > 0 ? [`still running: ${left.join(', ')}`] : []),
    ...(folders.length > 0 ? [`left behind: ${folders.join(', ')}`] : []),
    ...(target !== 'instance' && failing.length > 0 ? [`FAIL ${failing.join(', ')}`] : []),
    ...([1, 70, 'hung'].includes(exit) && !(exit === 1 && target === 'instance') ? [`exit ${exit}`] : []),
  ];
}

/** A short scenario with one fault; its traffic is what the fleet can carry. */
function writeScenario(fault, index) {
  const with_ = {
    'db.latency': ', for: 3s, with: { delay: 20ms }',
    'db.lock': ', for: 500ms, with: { table: orders }',
    'db.hold': ', for: 3s, with: { sessions: 3 }',
    'db.role_limit': ', for: 3s, with: { limit: 20 }',
    'db.rotate_password': '',
  }[fault];
  const text = `version: 1
name: kill-${index}
seed: ${index + 1}
contract:
  service: { name: api, max_instances: 2, container_concurrency: 10, request_timeout_seconds: 5 }
  database: { app_pool_max: 4, acquire_timeout_ms: 1000, statement_timeout_ms: 2000, reserved_headroom_for_admin_and_migrations: 5 }
target:
  local: { command: [node, ${JSON.stringify(resolve('scenarios/service/server.mjs'))}] }
postgres:
  embedded: { max_connections: 30, setup: ${JSON.stringify(resolve('scenarios/service/schema.sql'))} }
traffic:
  phases: [{ name: baseline, duration: 10s, rate: 30/s }]
requests: [{ name: read, get: /orders/1 }]
${fault === '' ? '' : `chaos: [{ at: 2s, do: ${fault}${with_} }]\n`}`;
  const file = join(folder, `kill-${index}.yaml`);
  writeFileSync(file, text);
  return file;
}

function mulberry(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
