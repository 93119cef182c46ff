import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What the harness itself may have spoilt: then the run says nothing of the service, and is worth another try. */
const ours = ['V01', 'V02', 'V03', 'V04'];

/** Ends the name of the folder of another try. */
const another = '-again';

/**
 * Runs one scenario with the built command line, into a folder of its own.
 * @param {object} order `cli`, `scenario`, `seed` (null: the scenario's own), `out`, `during(pid, out)`: what is done to it meanwhile
 */
export async function runOnce({ cli, scenario, seed = null, out, during = async () => {}, env = {} }) {
  const [first = null] = existsSync(out) ? readdirSync(out) : [];
  if (first !== null) throw new Error(`${out} is not empty`);
  mkdirSync(out, { recursive: true });
  const args = ['run', resolve(scenario), '--out', out, '--progress', 'plain', '--no-color'];
  if (seed !== null) args.push('--seed', String(seed));
  const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, ...env } });
  const log = createWriteStream(join(out, 'output.txt'));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise((done) => child.once('close', (code) => done(code)));
  const [exitCode] = await Promise.all([ended, during(child.pid, out)]);
  log.end();
  return { exitCode, ...readRun(out) };
}

/** The same, again while the machine was too busy to judge by. */
export async function runUntilJudged(order, triesLeft) {
  const run = await runOnce(order);
  if (triesLeft === 0 || !isOurFault(run)) return run;
  return runUntilJudged({ ...order, out: `${order.out}${another}` }, triesLeft - 1);
}

/** Judges the newest run that is kept for the same order; nothing is started. */
export async function judgeAgain({ cli, out }) {
  const kept = [out + another + another, out + another, out].find((folder) => existsSync(folder));
  if (kept === undefined) return { exitCode: null, folder: out, summary: null };
  const { folder } = readRun(kept);
  const child = spawn(process.execPath, [cli, 'judge', folder], { stdio: 'ignore' });
  const exitCode = await new Promise((done) => child.once('close', (code) => done(code)));
  return { exitCode, ...readRun(kept) };
}

function readRun(out) {
  const name = readdirSync(out).find((entry) => existsSync(join(out, entry, 'summary.json')));
  if (name === undefined) return { folder: out, summary: null };
  const folder = join(out, name);
  return { folder, summary: JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) };
}

function isOurFault({ exitCode, summary }) {
  return exitCode === 3 && summary.validity.some(({ id, ok }) => !ok && ours.includes(id));
}
