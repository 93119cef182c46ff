// What the link costs a simple transaction, against going to the same Postgres directly; in one run, taking turns.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startProcessGuard } from '#dist/base/process-guard.js';
import { makeEmbeddedServer } from '#dist/postgres/embedded/embedded-server.js';
import { treeCpuUs } from './cpu.mjs';
import { warn } from './machine.mjs';
import { atMost, row } from './row.mjs';
import { median, quantile } from './statistics.mjs';

const pgbench = '/usr/lib/postgresql/15/bin/pgbench';
const clients = 8;
const saturatedSec = 4;
const paced = { perSec: 500, seconds: 5 };
const mostCpuUs = 30;
const mostAddedMs = 0.3;

/** Rows for the table, of rounds that measure both ways one after the other. */
export async function benchLink({ folder, rounds }) {
  if (!existsSync(pgbench)) {
    warn(`link: not measured, there is no ${pgbench}`);
    return [];
  }
  const guard = startProcessGuard();
  const server = makeEmbeddedServer({ maxConnections: 50, serviceRoles: ['api'], guard });
  const postgres = await server.start(new AbortController().signal);
  const direct = postgres.service;
  const proxies = [];
  try {
    for (const name of ['link', 'pass-through']) proxies.push(await startProxy(name, direct));
    const [link, passing] = proxies;
    await transactions(direct, ['-i', '-q']);
    for (const { login } of proxies) await transactions(login, ['-S', '-T', '2']);
    const all = [];
    for (let round = 0; round < rounds; round += 1)
      all.push(await measure({ direct, link, passing, folder }));
    return rowsOf(all);
  } finally {
    for (const { child } of proxies) child.kill();
    await postgres.stop();
    guard.dismiss();
  }
}

/** A process of its own, as an emulator's links are. */
async function startProxy(name, direct) {
  const program = fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [program, String(direct.port)]);
  const [said] = await once(child.stdout, 'data');
  return { child, login: { ...direct, port: Number(said) } };
}

const saturated = ['-S', '-T', String(saturatedSec)];

async function measure({ direct, link, passing, folder }) {
  const directPerSec = (await transactions(direct, saturated)) / saturatedSec;
  const linked = await saturate(link);
  const passed = await saturate(passing);
  const directMs = await pacedP50Ms(direct, folder);
  const linkedMs = await pacedP50Ms(link.login, folder);
  return {
    directPerSec,
    linkedPerSec: linked.perSec,
    cpuUs: linked.cpuUs,
    passingUs: passed.cpuUs,
    directMs,
    linkedMs,
  };
}

async function saturate({ child, login }) {
  const before = treeCpuUs(child.pid);
  const count = await transactions(login, saturated);
  return { cpuUs: (treeCpuUs(child.pid) - before) / count, perSec: count / saturatedSec };
}

function rowsOf(all) {
  const each = (pick) => ({ value: median(all.map(pick)), rounds: all.map(pick) });
  const cpu = each(({ cpuUs }) => cpuUs);
  const added = each(({ linkedMs, directMs }) => linkedMs - directMs);
  const linked = each(({ linkedPerSec }) => linkedPerSec);
  const directly = (pick) => ({ name: 'directly', value: each(pick).value });
  return [
    row('link: CPU of its process', cpu.value, 'us/transaction', {
      peer: { name: 'bare pass-through', value: each(({ passingUs }) => passingUs).value },
      goal: atMost(cpu.value, mostCpuUs, ' us'),
      rounds: cpu.rounds,
    }),
    row(`link: added to p50 at ${paced.perSec}/s`, added.value, 'ms', {
      peer: directly(({ directMs }) => directMs),
      goal: atMost(added.value, mostAddedMs, ' ms'),
      rounds: added.rounds,
    }),
    row(`link: saturated, ${clients} sessions`, linked.value, 'transactions/s', {
      peer: directly(({ directPerSec }) => directPerSec),
      rounds: linked.rounds,
    }),
  ];
}

/** The middle of what transactions took that were sent at a rate, without what they waited to be sent. */
async function pacedP50Ms(login, folder) {
  const logs = mkdtempSync(join(folder, 'pgbench-'));
  const orders = ['-S', '-T', String(paced.seconds), '-R', String(paced.perSec), '-l'];
  await transactions(login, [...orders, '--log-prefix', join(logs, 'log')]);
  const tookUs = readdirSync(logs).flatMap((name) =>
    readFileSync(join(logs, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number))
      .map(([, , wholeUs, , , , lagUs]) => wholeUs - lagUs),
  );
  rmSync(logs, { recursive: true });
  return (
    quantile(
      tookUs.sort((a, b) => a - b),
      0.5,
    ) / 1000
  );
}

/** Runs pgbench; yields how many transactions it did. */
async function transactions({ host, port, user, password, database }, orders) {
  const args = [
    '-h',
    host,
    '-p',
    String(port),
    '-U',
    user,
    '-c',
    String(clients),
    '-j',
    '2',
    '-M',
    'prepared',
  ];
  const given = orders.includes('-i') ? args.slice(0, 6) : [...args, '-n'];
  const { stdout } = await promisify(execFile)(pgbench, [...given, ...orders, database], {
    env: { ...process.env, PGPASSWORD: password, PGSSLMODE: 'disable' },
  });
  return Number(/actually processed: (\d+)/.exec(stdout)?.[1] ?? 0);
}
