/**
 * Mutation testing: small changes to the code of one room, each of which its unit tests should notice.
 *
 *   npm run mutate -- <room> [--sample 300] [--seed 1]
 *
 * Tries a seeded sample of all possible changes, and prints what share was noticed and every change that was not.
 * Changes to what runs while modules load (tables, titles) are left out: each would take a run of all tests.
 * Exits with 1 below the room's threshold.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { rooms } from './rooms.mjs';
import { drawSample, isAlive, keyOf, progress } from './sample.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } },
});
const [name = ''] = positionals;
const room = Object.hasOwn(rooms, name) ? rooms[name] : undefined;
if (room === undefined) {
  console.error(`npm run mutate -- <room>: one of ${Object.keys(rooms).join(', ')}`);
  process.exit(2);
}

const { source = `src/${name}`, tests = `test/${name}`, except = /^$/, threshold = 0.75 } = room;
const files = readdirSync(source, { recursive: true })
  .map((file) => join(source, file))
  .filter((file) => file.endsWith('.ts') && !except.test(file));
const texts = new Map(files.map((file) => [resolve(file), readFileSync(file, 'utf8')]));
const all = await listMutants(texts);
const sample = drawSample(all, Number(values.sample), values.seed);
process.env.MUTATE_SAMPLE = sample.map(keyOf).join();
process.env.MUTATE_TESTS = `${tests}/**/*.test.ts`;

progress.survived = (mutant) => console.log(describe(mutant));
const startedMs = Date.now();
const results = await run();
const tried = results.filter(({ status }) => status !== 'Ignored');
if (tried.length === 0) throw new Error('no change was tried');
const score = 1 - tried.filter(isAlive).length / tried.length;
console.log(
  `${name}: ${percent(score)} of ${tried.length} changes noticed, wanted ${percent(threshold)} ` +
    `(seed ${values.seed}; ${all.length} possible; ${results.length - tried.length} of the sample left out, ` +
    `which take effect while modules load; ${Math.round((Date.now() - startedMs) / 1000)} s)`,
);
process.exitCode = score < threshold ? 1 : 0;

async function listMutants(texts) {
  const silent = Object.fromEntries(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].flatMap((level) => [
      [level, () => undefined],
      [`is${level[0].toUpperCase()}${level.slice(1)}Enabled`, () => false],
    ]),
  );
  const inputs = [...texts].map(([name, content]) => ({ name, content, mutate: true }));
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false };
  const { mutants } = await new Instrumenter(silent).instrument(inputs, options);
  return mutants;
}

/** The results of the sample. */
async function run() {
  const tempDirName = mkdtempSync(join(tmpdir(), 'mutate-'));
  const clean = () => rmSync(tempDirName, { recursive: true, force: true });
  process.on('exit', clean);
  try {
    const results = await new Stryker({
      mutate: files,
      testRunner: 'vitest',
      vitest: { configFile: 'test/mutate/vitest.config.ts', related: false },
      checkers: ['sample'],
      plugins: ['@stryker-mutator/vitest-runner', './test/mutate/sample.mjs'],
      coverageAnalysis: 'perTest',
      ignoreStatic: true,
      concurrency: 2,
      timeoutMS: 5000,
      timeoutFactor: 2,
      disableTypeChecks: false,
      // It would rewrite the paths in tsconfig.json with an interface that TypeScript 7 has not; there is none to rewrite.
      tsconfigFile: 'none',
      ignorePatterns: ['dist', 'reports', 'test/zoo'],
      tempDirName,
      reporters: ['sample'],
      warnings: { slow: false },
      logLevel: 'warn',
    }).runMutationTest();
    const wanted = new Set(sample.map(keyOf));
    return results.filter((result) => wanted.has(keyOf({ ...result, location: fromZero(result.location) })));
  } finally {
    clean();
  }
}

/** Results count lines and columns from 1, mutants from 0. */
function fromZero({ start, end }) {
  const less = ({ line, column }) => ({ line: line - 1, column: column - 1 });
  return { start: less(start), end: less(end) };
}

/** `src/load/lane/lanes.ts:9:10 Math.max -> Math.min`; what is long is cut. */
function describe({ fileName, location: { start, end }, replacement, status }) {
  const lines =
    texts
      .get(fileName)
      ?.split('\n')
      .slice(start.line - 1, end.line) ?? [];
  const before =
    lines.length === 1
      ? lines[0].slice(start.column - 1, end.column - 1)
      : lines.join('\n').slice(start.column - 1);
  const place = `${relative('.', fileName)}:${start.line}:${start.column}`;
  return `${place} ${short(before)} -> ${short(replacement)}${status === 'NoCoverage' ? ' (no test gets there)' : ''}`;
}

function short(code) {
  const line = code.replaceAll(/\s+/g, ' ').trim();
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
