// Each scenario as often as asked for while something else takes one processor, in bursts or all along in turn. At least
// 90 % of the runs of each have to be decided, and none wrongly: what its stored run comes to is what it has to come to.
//   npm run noisy -- [--times 10] [--noise bursts,all] [--out folder] [scenario...]      without names: all that are shipped
//   npm run noisy -- --again --out folder                           runs nothing: judges what is in the folder once more
import Table from 'cli-table3';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { judgeAgain, runOnce } from '../support/run-once.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '10' },
    noise: { type: 'string', default: 'bursts,all' },
    out: { type: 'string' },
    again: { type: 'boolean', default: false },
    cli: { type: 'string', default: 'dist/cli/main.js' },
  },
});
const times = Math.min(100, Number(values.times));
if (!(times >= 1)) throw new Error('--times: how often?');
const root = resolve(values.out ?? mkdtempSync(join(tmpdir(), 'poolproof-noisy-')));
const expected = JSON.parse(readFileSync('test/fixtures/runs/expected.json', 'utf8'));
const names =
  positionals.length > 0 ? positionals.map((file) => basename(file, '.yaml')) : Object.keys(expected);
const neededShare = 0.9;

/** Busy for good, or for 0.2 to 2 s with pauses of 0.5 to 3 s. */
const programs = {
  all: 'for (;;);',
  bursts: `const cell = new Int32Array(new SharedArrayBuffer(4));
    for (;;) {
      const until = Date.now() + 200 + 1800 * Math.random();
      while (Date.now() < until);
      Atomics.wait(cell, 0, 0, 500 + 2500 * Math.random());
    }`,
};
const kinds = values.noise.split(',');
for (const kind of kinds)
  if (!(kind in programs)) throw new Error(`--noise: ${kind} is neither bursts nor all`);

const table = new Table({ head: ['scenario', 'decided', 'wrongly', 'what they came to'] });
let isGood = true;
for (const name of names) {
  const runs = [];
  for (let round = 1; round <= times; round += 1) {
    const summary = await noisily(name, round, kinds[(round - 1) % kinds.length]);
    if (summary === null && values.again) continue;
    runs.push(lookAt(name, summary));
    console.log(`${name} ${round}/${times}: ${runs.at(-1).words}`);
  }
  const decided = runs.filter((run) => run.isDecided).length;
  const wrong = runs.filter((run) => run.isWrong).length;
  isGood &&= wrong === 0 && decided >= neededShare * runs.length;
  table.push([
    name,
    `${decided} of ${runs.length}`,
    wrong,
    counted(runs.map(({ words }) => words)).join('\n'),
  ]);
}
console.log(
  `${table.toString()}\n${isGood ? 'the noise cost its own seconds' : 'the noise cost more than its own seconds'}; ${root}`,
);
process.exitCode = isGood ? 0 : 1;

async function noisily(name, round, kind) {
  const order = {
    cli: resolve(values.cli),
    scenario: join('scenarios', `${name}.yaml`),
    out: join(root, `${name}-${round}`),
  };
  if (values.again) return (await judgeAgain(order)).summary;
  const noise = spawn(process.execPath, ['-e', programs[kind]], { stdio: 'ignore' });
  try {
    return (await runOnce(order)).summary;
  } finally {
    noise.kill('SIGKILL');
  }
}

/** A wrong word, or a bound broken that the service keeps. */
function lookAt(name, summary) {
  if (summary === null) return { words: 'no verdict', isDecided: false, isWrong: false };
  const { verdict, failing } = expected[name];
  const broken = summary.bounds.filter(({ status }) => status === 'FAIL').map(({ id }) => id);
  const open = summary.bounds.filter(({ status }) => status === 'INCONCLUSIVE').map(({ id }) => `${id}?`);
  const isDecided = summary.verdict !== 'INCONCLUSIVE';
  const isWrong = (isDecided && summary.verdict !== verdict) || broken.some((id) => !failing.includes(id));
  return { words: [summary.verdict, ...broken, ...open].join(' '), isDecided, isWrong };
}

function counted(all) {
  return [...new Set(all)].map((words) => `${all.filter((other) => other === words).length} x ${words}`);
}
