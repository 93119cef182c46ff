/*
 * Hostile input, seeded: `npm run fuzz -- --seconds 60 --seed 7`, or by counts: `--scenarios 10000 --folders 2000
 * --answers 500`. Whatever comes in, there may be no stack trace, no exit code 1 or 70 of a file that is wrong,
 * nothing that takes more than five seconds or a gigabyte. A case that fails is kept, and its path is told.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { KnownError } from '../../dist/base/errors.js';
import { makeRunClock } from '../../dist/base/clock.js';
import { readAnswer } from '../../dist/load/answer/answer.js';
import { makeBodyCheck, keepBytes } from '../../dist/load/answer/check-answer.js';
import { readFailure } from '../../dist/load/answer/read-failure.js';
import { headerList } from '../../dist/load/request/http-request.js';
import { makeTransport } from '../../dist/load/wire/make-transport.js';
import { loadContract } from '../../dist/contract/load-contract.js';
import { judge } from '../../dist/verbs/judge.js';
import { plan } from '../../dist/verbs/plan.js';
import { report } from '../../dist/verbs/report.js';
import { undo } from '../../dist/verbs/undo.js';
import { hostileAnswer, mutateBytes, mutateJson, mutateText, randomOf } from './mutate.mjs';

const { values } = parseArgs({
  options: Object.fromEntries(
    ['seconds', 'seed', 'scenarios', 'folders', 'answers'].map((name) => [name, { type: 'string' }]),
  ),
});
const byCount = ['scenarios', 'folders', 'answers'].some((kind) => values[kind] !== undefined);
const seconds = Number(values.seconds ?? (byCount ? 3600 : 60));
const seed = Number(values.seed ?? 1);
const mostMs = 5000;
const mostBytes = 2 ** 30;
const everyNthThroughBinary = 50;
const repository = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'poolproof-fuzz-'));
const failures = [];
const slowest = {};

const kinds = { scenarios: fuzzScenario, folders: fuzzFolder, answers: fuzzAnswer };
const texts = readdirSync(join(repository, 'scenarios')).filter((name) => name.endsWith('.yaml'));
const runs = readdirSync(join(repository, 'test/fixtures/runs'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
cpSync(join(repository, 'scenarios'), join(scratch, 'scenarios'), { recursive: true });
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => {
    for (const piece of pieces) socket.write(piece);
    socket.end();
  });
});
let pieces = [];
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const transport = await makeTransport(`http://127.0.0.1:${server.address().port}`, {
  clock: makeRunClock(),
  connections: 'fresh',
});

const journal = {
  schema_version: 1,
  scenario: '/nowhere/scenario.yaml',
  server: { system_identifier: '7', host: '127.0.0.1', port: 1 },
  entries: [1, 2].map((id) => ({
    id,
    step: 'x',
    changes: 'y',
    undo: { kind: 'sql', statements: ['alter system reset max_connections'] },
    state: 'pending',
  })),
};

const counts = {};
for (const [index, [kind, fuzz]] of Object.entries(kinds).entries()) {
  const most = byCount ? Number(values[kind] ?? 0) : Infinity;
  const untilMs = performance.now() + (seconds * 1000) / (byCount ? 1 : Object.keys(kinds).length);
  counts[kind] = 0;
  while (counts[kind] < most && performance.now() < untilMs && failures.length < 20) {
    await one(kind, fuzz, randomOf(seed * 1_000_003 + index * 500_009 + counts[kind]), counts[kind]);
    counts[kind] += 1;
  }
}
server.close();
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
if (peakMiB * 2 ** 20 > mostBytes) failures.push(`memory: ${peakMiB} MiB`);
console.log(JSON.stringify({ seed, ...counts, slowestMs: slowest, peakMiB, failures: failures.length }));
for (const failure of failures) console.log(failure);
if (failures.length === 0) rmSync(scratch, { recursive: true, force: true });
process.exit(failures.length === 0 ? 0 : 1);

/** One case; what is wrong with how it ended is a line among the failures. */
async function one(kind, fuzz, random, number) {
  const before = process.cpuUsage();
  try {
    await fuzz(random, number);
  } catch (error) {
    if (!(error instanceof KnownError)) failures.push(`${kind} ${number}: ${error?.stack ?? error}`);
  }
  // CPU time: another program on the machine must not make a case fail.
  const { user, system } = process.cpuUsage(before);
  const tookMs = Math.round((user + system) / 1000);
  slowest[kind] = Math.max(slowest[kind] ?? 0, tookMs);
  if (tookMs > mostMs) failures.push(`${kind} ${number}: took ${tookMs} ms`);
}

async function fuzzScenario(random, number) {
  const name = texts[Math.floor(random() * texts.length)];
  const file = join(scratch, 'scenarios', `fuzzed-${number}-${name}`);
  writeFileSync(file, mutateText(readFileSync(join(repository, 'scenarios', name), 'utf8'), random));
  const isContract = name.startsWith('budget');
  if (number % everyNthThroughBinary === 0 && !isContract) await binary(['validate', file], [0, 2]);
  else await (isContract ? loadContract(file) : plan(file, { env: {} }));
  rmSync(file);
}

async function fuzzFolder(random, number) {
  const folder = join(scratch, `run-${number}`);
  const stored = join(repository, 'test/fixtures/runs', runs[Math.floor(random() * runs.length)]);
  cpSync(stored, folder, { recursive: true });
  writeFileSync(join(folder, 'events.ndjson'), gunzipSync(readFileSync(join(folder, 'events.ndjson.gz'))));
  rmSync(join(folder, 'events.ndjson.gz'));
  writeFileSync(join(folder, 'undo.json'), JSON.stringify(mutateJson(journal, random)));
  for (let left = 1 + Math.floor(random() * 3); left > 0; left -= 1) mutateRun(folder, random);
  if (random() < 0.7) seal(folder);
  if (number % everyNthThroughBinary === 0) {
    await binary(['judge', folder], [0, 1, 2, 3, 4, 130]);
    await binary(['report', folder], [0, 2]);
    await binary(['undo', folder], [0, 2, 5]);
  } else {
    await known(() => judge(folder, { write: true }));
    await known(() => report(folder, { write: true }));
    await known(() => undo(folder));
  }
  rmSync(folder, { recursive: true });
}

/** Known errors are a right answer; the next verb is tried all the same. */
async function known(act) {
  await act().catch((error) => {
    if (!(error instanceof KnownError)) throw error;
  });
}

function mutateRun(folder, random) {
  const files = ['run.json', 'events.ndjson', 'manifest.ndjson', 'summary.json', 'effective.yaml'];
  for (const table of ['attempts', 'backends'])
    files.push(
      ...readdirSync(join(folder, table))
        .slice(0, 3)
        .map((name) => `${table}/${name}`),
    );
  const file = join(folder, files[Math.floor(random() * files.length)]);
  const bytes = readFileSync(file);
  if (file.endsWith('.json') && random() < 0.8) writeFileSync(file, mutateLine(bytes.toString(), random));
  else if (file.endsWith('.ndjson') && random() < 0.8) {
    const lines = bytes.toString().split('\n');
    const mutated = lines.map((line) => (random() < 0.05 ? mutateLine(line, random) : line));
    writeFileSync(file, mutated.join('\n'));
  } else writeFileSync(file, mutateBytes(bytes, random));
}

function mutateLine(line, random) {
  try {
    return JSON.stringify(mutateJson(mutateJson(JSON.parse(line), random), random));
  } catch {
    return line;
  }
}

/** Makes the checksums right again, so that what was changed is looked at and not only refused. */
function seal(folder) {
  const sha256 = (content) => createHash('sha256').update(content).digest('hex');
  try {
    const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
    delete run.sha256;
    const text = (content) => `${JSON.stringify(content, null, 2)}\n`;
    writeFileSync(join(folder, 'run.json'), text({ ...run, sha256: sha256(text(run)) }));
  } catch {
    // It is no JSON any more.
  }
  const lines = ['attempts', 'backends'].flatMap((table) =>
    readdirSync(join(folder, table)).map((name) => `${table}/${name}`),
  );
  const pieces = [...lines, 'events.ndjson', 'effective.yaml'].map((file) => {
    const bytes = readFileSync(join(folder, file));
    return `${JSON.stringify({ file, offset: 0, bytes: bytes.length, sha256: sha256(bytes) })}\n`;
  });
  const end = `${JSON.stringify({ end: true, sha256: sha256(pieces.join('')) })}\n`;
  writeFileSync(join(folder, 'manifest.ndjson'), pieces.join('') + end);
}

/** Through a socket, in pieces, and then through everything that reads it. */
async function fuzzAnswer(random) {
  const bytes = hostileAnswer(random);
  const answer = random() < 0.3 ? mutateBytes(bytes, random) : bytes;
  const cut = Math.floor(random() * answer.length);
  pieces = [answer.subarray(0, cut), answer.subarray(cut)];
  const connection = transport.connect();
  const json = [
    { path: "$..a[?match(@,'(a|aa)+!b')]", is: null },
    { path: '$.a', is: null },
  ];
  const expect = { status: [], headers: [], json: [json[random() < 0.05 ? 0 : 1]], bodyNotEmpty: true };
  await new Promise((ended) => {
    const timer = setTimeout(ended, 1000);
    connection.onEnd = () => {
      clearTimeout(timer);
      ended();
    };
    connection.send({
      method: 'GET',
      path: '/',
      headers: headerList(['user-agent', 'fuzz']),
      extra: [],
      body: null,
      keepBytes: keepBytes(expect),
    });
  });
  const { status, headers, bytes: count, body } = connection.incoming;
  connection.destroy();
  if (status === null) return;
  const read = readFailure(readAnswer(status, headers), headers, body);
  for (const value of [read.acquireUs, read.retryAfterMs, read.receivedUs])
    if (value !== null && !(value >= 0 && value < 4e12)) throw new Error(`believed ${value}`);
  makeBodyCheck(expect)(status, headers, count, body);
}

/** The real program: its exit code, and no stack. */
function binary(args, codes) {
  const main = join(repository, 'dist/cli/main.js');
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['--max-old-space-size=1024', main, ...args],
      { timeout: 4 * mostMs },
      (error, out, err) => {
        const code = error === null ? 0 : (error.code ?? error.signal);
        if (
          !codes.includes(code) ||
          /^\s+at .*:\d+:\d+\)?$/m.test(err) ||
          /[^\P{Cc}\t\n]|\u202e/u.test(out + err)
        )
          failures.push(`poolproof ${args.join(' ')}: ${code}\n${err.slice(0, 2000)}`);
        done();
      },
    );
  });
}
