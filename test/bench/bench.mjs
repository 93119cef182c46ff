// `npm run bench`: measures, prints a table, and writes reports/bench.json.
//
//   npm run bench                              all but the long ones, some minutes
//   npm run bench -- --only saturated          one part: emulator, link, sampler, judge, saturated, scheduled, memory, stall
//   npm run bench -- --memory                  memory over ten million requests, some minutes more
//   npm run bench -- --stall                   servers that sleep for 1 s and for 10 s
//   npm run bench -- --priority                before everything else on this machine; wants root
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { raisePriority } from './machine.mjs';
import { startTarget } from './start-target.mjs';
import { tableOf } from './table.mjs';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    memory: { type: 'boolean', default: false },
    stall: { type: 'boolean', default: false },
    priority: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
  },
});

const parts = {
  emulator: async () => (await import('./emulator.mjs')).benchEmulator(),
  link: async (setting) => (await import('./link.mjs')).benchLink(setting),
  sampler: async (setting) => (await import('./sampler.mjs')).benchSampler(setting),
  judge: async (setting) => (await import('./judge.mjs')).benchJudge(setting),
  saturated: async (setting) => (await import('./saturated.mjs')).benchSaturated(setting),
  scheduled: async (setting) => (await import('./scheduled.mjs')).benchScheduled(setting),
  memory: async (setting) => (await import('./memory.mjs')).benchMemory(setting, flags.memory),
  stall: async (setting) => (await import('./stall.mjs')).benchStall(setting),
};

const wanted = wantedParts();
const folder = mkdtempSync(join(tmpdir(), 'poolproof-bench-'));
if (flags.priority) raisePriority();
const target = await startTarget(folder);
const rows = [];
try {
  for (const name of wanted) {
    console.log(`measuring: ${name}`);
    rows.push(...(await parts[name]({ target, folder, rounds: Number(flags.rounds) })));
  }
} finally {
  target.stop();
  rmSync(folder, { recursive: true, force: true });
  // What was measured before something went wrong is not lost.
  report();
}

function report() {
  console.log(tableOf(rows));
  mkdirSync('reports', { recursive: true });
  const machine = { cpus: availableParallelism(), node: process.version, target: target.kind };
  writeFileSync('reports/bench.json', `${JSON.stringify({ machine, rows }, null, 2)}\n`);
}

function wantedParts() {
  const named = [
    ...(flags.only ?? []),
    ...(flags.memory ? ['memory'] : []),
    ...(flags.stall ? ['stall'] : []),
  ];
  const unknown = named.find((name) => !(name in parts));
  if (unknown !== undefined)
    throw new Error(`no part ${unknown}: there are ${Object.keys(parts).join(', ')}`);
  return named.length > 0
    ? [...new Set(named)]
    : ['emulator', 'link', 'sampler', 'judge', 'saturated', 'scheduled', 'memory'];
}
