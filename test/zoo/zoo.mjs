// Runs every animal of the zoo for real, and says which planted faults were caught and named.
//   node test/zoo/zoo.mjs [--subset] [--only a,b] [--part faults,twins,controls] [--cli dist/cli/main.js] [--out folder] [--tries 3]
//   node test/zoo/zoo.mjs --again --out folder     runs nothing: judges what is in the folder once more
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { controls } from './controls/controls.mjs';
import { inLanes } from '../support/in-lanes.mjs';
import { missingForOwnServer } from './controls/own-server.mjs';
import { judgeAgain, runOnce, runUntilJudged } from '../support/run-once.mjs';
import { failing, scoreControl, scoreFault, scoreTwin, sumUp } from './score.mjs';
import { print } from './table.mjs';

const here = import.meta.dirname;
const { values } = parseArgs({
  options: {
    subset: { type: 'boolean', default: false },
    only: { type: 'string' },
    part: { type: 'string', default: 'faults,twins' },
    cli: { type: 'string', default: join(here, '../../dist/cli/main.js') },
    out: { type: 'string' },
    again: { type: 'boolean', default: false },
    tries: { type: 'string', default: '3' },
  },
});
const expectations = JSON.parse(readFileSync(join(here, 'expectations.json'), 'utf8'));
const cli = resolve(values.cli);
const root = resolve(values.out ?? mkdtempSync(join(tmpdir(), 'poolproof-zoo-')));
mkdirSync(root, { recursive: true });
const parts = values.part.split(',');
/** One run, or what was kept of it. */
const act = (order, doIt = runUntilJudged) =>
  values.again ? judgeAgain(order) : doIt(order, Number(values.tries) - 1);
/** Every twin has to be spared under each of these. */
const seeds = values.subset ? [1] : [1, 2, 3];

function chosen(part) {
  if (!parts.includes(part)) return [];
  const all = Object.entries(expectations[part]).filter(([name]) => isPossible(part, name));
  if (values.only !== undefined) return all.filter(([name]) => values.only.split(',').includes(name));
  return values.subset ? all.filter(([, { subset }]) => subset === true) : all;
}

/** A good one has to be spared on a busy machine too; and it halves the time. */
const twinLanes = 2;

const folders = { faults: 'animals', twins: 'twins', controls: 'controls' };
const scenarioOf = (part, name) => join(here, folders[part], name, 'scenario.yaml');

/** Whether this machine has what it takes; says loudly that it has not. */
function isPossible(part, name) {
  const text = readFileSync(scenarioOf(part, name), 'utf8');
  const missing = [
    ...(text.includes('/usr/bin/gunicorn') && !existsSync('/usr/bin/gunicorn') ? ['no gunicorn'] : []),
    ...(text.includes('ZOO_DATABASE_URL') ? missingForOwnServer() : []),
  ];
  if (missing.length > 0) console.warn(`SKIPPED: ${name}: ${missing.join(', ')}`);
  return missing.length === 0;
}

async function faults() {
  const rows = [];
  for (const [name, planted] of chosen('faults')) {
    const scenario = scenarioOf('faults', name);
    const run = await act({ cli, scenario, out: join(root, name) });
    rows.push(
      shown({ kind: 'fault', name, planted, ...scored(run, (summary) => scoreFault(planted, summary)) }),
    );
  }
  return rows;
}

async function twins() {
  const orders = chosen('twins').flatMap(([name]) => seeds.map((seed) => ({ name, seed })));
  return inLanes(twinLanes, orders, async ({ name, seed }) => {
    const scenario = scenarioOf('twins', name);
    const run = await act({ cli, scenario, seed, out: join(root, `twin-${name}-${seed}`) });
    return shown({ kind: 'twin', name: `${name} (seed ${seed})`, ...scored(run, scoreTwin) });
  });
}

async function trials() {
  const rows = [];
  for (const [name, expected] of chosen('controls')) {
    const scenario = scenarioOf('controls', name);
    const { during, around = (todo) => todo({}) } = controls[name] ?? {};
    const order = { cli, scenario, out: join(root, `control-${name}`), during };
    const doIt = expected.verdict === 'INCONCLUSIVE' ? runOnce : runUntilJudged;
    const run = await act(order, () => around((env) => doIt({ ...order, env }, Number(values.tries) - 1)));
    rows.push(
      shown({
        kind: 'control',
        name,
        expected,
        ...scored(run, (summary) => scoreControl(expected, summary)),
      }),
    );
  }
  return rows;
}

/** A run that came to no summary was neither caught nor spared. */
function scored({ exitCode, folder, summary }, score) {
  if (summary === null) return { exitCode, folder, verdict: 'no verdict', failing: [], ...none };
  return { exitCode, folder, verdict: summary.verdict, failing: failing(summary), ...score(summary) };
}

const none = { missing: ['a summary'], rank: null, ranked: [], wrong: ['a summary'] };

function shown(row) {
  print(row);
  return row;
}

const startedAt = performance.now();
const rows = { faults: await faults(), twins: await twins(), controls: await trials() };
const sums = sumUp(rows.faults, rows.twins, rows.controls);
writeFileSync(join(root, 'zoo.json'), JSON.stringify({ ...rows, sums }, null, 2));
const minutes = (performance.now() - startedAt) / 60_000;
console.log(`
faults caught        ${sums.caught} of ${sums.faults}
right diagnosis      first ${sums.first}, among the first three ${sums.amongThree} of ${sums.faults}
good ones spared     ${sums.spared} of ${sums.twins}
controls             ${sums.held} of ${sums.controls}
${minutes.toFixed(1)} minutes, ${join(root, 'zoo.json')}`);
process.exitCode = sums.isGood ? 0 : 1;
