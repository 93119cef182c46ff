// Each scenario as often as asked for, in rounds, with the built command line; every run of one has to come to the same
// verdict by the same failing bounds.
//   npm run repeat -- [--times 10] [--lanes 1] [--out folder] [scenario...]     without names: all that are shipped
//   npm run repeat -- --again --out folder                          runs nothing: judges what is in the folder once more
import Table from 'cli-table3';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inLanes } from '../support/in-lanes.mjs';
import { judgeAgain, runUntilJudged } from '../support/run-once.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '10' },
    lanes: { type: 'string', default: '1' },
    out: { type: 'string' },
    again: { type: 'boolean', default: false },
    cli: { type: 'string', default: 'dist/cli/main.js' },
  },
});
const times = Math.min(100, Number(values.times));
if (!(times >= 1)) throw new Error('--times: how often?');
const root = resolve(values.out ?? mkdtempSync(join(tmpdir(), 'poolproof-repeat-')));
const files = positionals.length > 0 ? positionals : shipped();
const triesLeft = 2;

const seen = new Map(files.map((file) => [file, []]));
const orders = Array.from({ length: times }, (_, index) => files.map((file) => [file, index + 1])).flat();
await inLanes(Math.max(1, Number(values.lanes)), orders, ([file, round]) => take(file, round));

const table = new Table({ head: ['scenario', 'runs', 'verdict and failing bounds'] });
for (const [file, all] of seen) table.push([basename(file), all.length, counted(all).join('\n')]);
const isSame = [...seen.values()].every((all) => all.length > 0 && new Set(all).size === 1);
console.log(
  `${table.toString()}\n${isSame ? 'every verdict repeats' : 'not every verdict repeats'}; ${root}`,
);
process.exitCode = isSame ? 0 : 1;

async function take(file, round) {
  const words = await judged(file, round);
  if (words !== null) seen.get(file).push(words);
  console.log(`${basename(file)} ${round}/${times}: ${words ?? 'not kept'}`);
}

/** All but those that only plan. */
function shipped() {
  return readdirSync('scenarios')
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('budget'))
    .map((name) => join('scenarios', name));
}

/** What one run said, in one line; null where nothing was kept of it. */
async function judged(scenario, round) {
  const order = {
    cli: resolve(values.cli),
    scenario,
    out: join(root, `${basename(scenario, '.yaml')}-${round}`),
  };
  const { folder, summary } = values.again ? await judgeAgain(order) : await runUntilJudged(order, triesLeft);
  if (summary === null) return values.again ? null : `no verdict: ${folder}`;
  const broken = summary.bounds.filter(({ status }) => status === 'FAIL').map(({ id }) => id);
  const doubts = summary.validity.filter(({ ok }) => !ok).map(({ id }) => id);
  return [summary.verdict, ...broken, ...doubts].join(' ');
}

function counted(all) {
  return [...new Set(all)].map((words) => `${all.filter((other) => other === words).length} x ${words}`);
}
