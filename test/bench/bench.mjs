// `npm run bench`: measures, prints a table, and writes reports/bench.json.
import Table from 'cli-table3';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { benchEmulator } from './emulator.mjs';

const rows = await benchEmulator();

const table = new Table({
  head: ['what', 'value', 'unit', 'against', 'ratio'],
  style: { head: [], border: [] },
});
for (const { name, value, unit, peer, ratio } of rows)
  table.push([
    name,
    shown(value),
    unit,
    peer === null ? '' : `${peer.name}: ${shown(peer.value)}`,
    ratio === null ? '' : ratio.toFixed(2),
  ]);
console.log(table.toString());

mkdirSync('reports', { recursive: true });
const machine = { cpus: availableParallelism(), node: process.version };
writeFileSync('reports/bench.json', `${JSON.stringify({ machine, rows }, null, 2)}\n`);

function shown(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
