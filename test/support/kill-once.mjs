// Runs a scenario with the built command line, kills one of its processes at a moment of the load, and tells what was left.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const cli = resolve('dist/cli/main.js');
const loadLimitMs = 60_000;
const endLimitMs = 120_000;
const goneLimitMs = 15_000;

/** Where each target is found among the descendants of the command line; the command line itself is none of them. */
const commands = {
  emulator: /emulator-main/,
  guard: /guard-main/,
  postmaster: /postgres.* -D /,
  instance: /server\.mjs/,
};

export const targets = ['cli', ...Object.keys(commands)];
export const waysToKill = ['KILL', 'STOP+KILL', 'TERM', 'INT'];

export async function killOnce({ scenario, target, way, afterMs }) {
  const root = mkdtempSync(join(tmpdir(), 'poolproof-kill-'));
  const [temporary, out] = [join(root, 'tmp'), join(root, 'out')];
  mkdirSync(temporary);
  // An embedded Postgres that root starts runs as another account.
  for (const folder of [root, temporary]) chmodSync(folder, 0o755);
  const env = { ...process.env, NO_COLOR: '1', TMPDIR: temporary };
  const child = spawn(process.execPath, [cli, 'run', scenario, '--out', out, '--progress', 'none'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const ended = new Promise((end) => child.once('exit', (code, signal) => end(code ?? signal)));
  const seen = new Map();
  const watching = setInterval(() => {
    for (const one of descendantsOf(child.pid)) seen.set(`${one.pid} ${one.began}`, one);
  }, 100);
  const begun = await until(() => hasLoad(out) || child.exitCode !== null, loadLimitMs);
  await delay(afterMs);
  const pid =
    target === 'cli'
      ? child.pid
      : descendantsOf(child.pid).find(({ command }) => commands[target].test(command))?.pid;
  const hit = begun && pid !== undefined && (await kill(pid, way));
  let exit = await Promise.race([ended, delay(endLimitMs, 'hung')]);
  if (exit === 'hung') child.kill('SIGKILL');
  clearInterval(watching);
  await until(() => running(seen).length === 0, goneLimitMs);
  const left = running(seen).map(({ command }) => command);
  for (const { pid: other } of running(seen)) process.kill(other, 'SIGKILL');
  await until(() => foldersIn(temporary).length === 0, 5_000);
  const folder = existsSync(out) ? readdirSync(out).map((name) => join(out, name))[0] : undefined;
  const isCut = target === 'cli' && way.endsWith('KILL');
  if (isCut && folder !== undefined) exit = await judge(folder);
  return { hit, exit, said, left, folders: foldersIn(temporary), ...summaryOf(folder), root };
}

/** False where it had ended by itself before. One that is stopped may be replaced at once. */
async function kill(pid, way) {
  const [first, ...others] = way.split('+');
  if (!send(pid, first)) return false;
  for (const signal of others) {
    await delay(500);
    send(pid, signal);
  }
  return true;
}

function send(pid, signal) {
  try {
    return process.kill(pid, `SIG${signal}`);
  } catch {
    return false;
  }
}

function judge(folder) {
  const child = spawn(process.execPath, [cli, 'judge', folder], { stdio: 'ignore' });
  return new Promise((end) => child.once('exit', end));
}

function summaryOf(folder) {
  const file = folder === undefined ? '' : join(folder, 'summary.json');
  if (!existsSync(file)) return { verdict: null, failing: [], folder };
  const { verdict, bounds } = JSON.parse(readFileSync(file, 'utf8'));
  return { verdict, failing: bounds.filter(({ status }) => status === 'FAIL').map(({ id }) => id), folder };
}

function hasLoad(out) {
  const [name] = existsSync(out) ? readdirSync(out) : [];
  const file = join(out, name ?? '', 'run.json');
  return (
    name !== undefined && existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).load_start_us !== null
  );
}

/** What a run made for itself alone. */
function foldersIn(temporary) {
  return readdirSync(temporary).filter(
    (name) => name.startsWith('poolproof-') && !name.startsWith('poolproof-defect'),
  );
}

async function until(holds, limitMs) {
  const endMs = performance.now() + limitMs;
  while (performance.now() < endMs) {
    if (holds()) return true;
    await delay(100);
  }
  return false;
}

function descendantsOf(pid) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readOne(Number(name)) ?? []);
  const found = [];
  let parents = [pid];
  while (parents.length > 0) {
    const children = all.filter(({ parent }) => parents.includes(parent));
    found.push(...children);
    parents = children.map((one) => one.pid);
  }
  return found;
}

function running(seen) {
  return [...seen.values()].filter(({ pid, began }) => {
    const now = readOne(pid);
    return now !== null && now.began === began && now.state !== 'Z';
  });
}

function readOne(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, command, state: fields[0], parent: Number(fields[1]), began: fields[19] };
  } catch {
    return null;
  }
}
