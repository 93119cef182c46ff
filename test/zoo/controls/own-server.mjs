import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import pg from 'pg';

/** Where Debian keeps its PostgreSQL 15, and faketime its library. */
const programs = '/usr/lib/postgresql/15/bin';
const libraries = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'].map((folder) =>
  join(folder, 'faketime/libfaketimeMT.so.1'),
);

/** What is not on this machine. */
export function missingForOwnServer() {
  const hasClock = libraries.some((file) => existsSync(file));
  return [
    ...(existsSync(join(programs, 'initdb')) ? [] : ["no PostgreSQL 15 of Debian's"]),
    ...(hasClock ? [] : ['no faketime']),
  ];
}

/** Runs something while a server of its own is there, whose clock is off by so much; it gets the server's addresses. */
export async function withOwnServer(offset, run) {
  const account = process.getuid() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  const folder = mkdtempSync(join(tmpdir(), 'zoo-pg-'));
  chmodSync(folder, 0o777);
  const password = randomBytes(9).toString('hex');
  const port = await getPort({ host: '127.0.0.1' });
  makeCluster(folder, account, password, port);
  const server = spawn(join(programs, 'postgres'), ['-D', join(folder, 'data')], {
    ...account,
    cwd: folder,
    env: { PATH: process.env.PATH, LC_ALL: 'C', ...clock(offset) },
    stdio: 'ignore',
  });
  const url = (role, database) => `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
  try {
    await makeRoles(url, password);
    return await run({
      ZOO_DATABASE_URL: url('api', 'api'),
      ZOO_MONITOR_URL: url('poolproof_monitor', 'poolproof'),
      ZOO_HEADROOM_URL: url('poolproof_headroom', 'poolproof'),
    });
  } finally {
    if (server.exitCode === null && server.kill('SIGQUIT')) await once(server, 'exit');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The wall clock alone: what measures how long something takes goes on as it is. */
function clock(offset) {
  const library = libraries.find((file) => existsSync(file));
  return { LD_PRELOAD: library, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

function makeCluster(folder, account, password, port) {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o644 });
  const form = [
    '-U',
    'postgres',
    '--pwfile',
    passwordFile,
    '--auth=scram-sha-256',
    '--locale=C',
    '--no-sync',
  ];
  execFileSync(join(programs, 'initdb'), ['-D', join(folder, 'data'), ...form], {
    ...account,
    cwd: folder,
    stdio: 'pipe',
  });
  rmSync(passwordFile);
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 40,
    fsync: 'off',
    logging_collector: 'on',
    log_destination: 'jsonlog',
    log_connections: 'on',
    log_disconnections: 'on',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  writeFileSync(join(folder, 'data', 'postgresql.auto.conf'), lines.join(''));
}

/** The service's role, and those that `poolproof doctor` prints the SQL of. */
const roles = (password) => [
  `create role api login password '${password}'`,
  `create role poolproof_monitor login password '${password}'`,
  'grant pg_monitor to poolproof_monitor',
  `create role poolproof_headroom login password '${password}'`,
  'create database api owner api',
  'create database poolproof',
];

async function makeRoles(url, password) {
  for (const statement of roles(password)) await asSuperuser(url('postgres', 'postgres'), statement);
  for (const name of ['pg_current_logfile(text)', 'pg_read_binary_file(text, bigint, bigint, boolean)'])
    await asSuperuser(url('postgres', 'poolproof'), `grant execute on function ${name} to poolproof_monitor`);
}

async function asSuperuser(connectionString, statement) {
  for (let left = 300; ; left -= 1) {
    const client = new pg.Client({ connectionString });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query(statement);
      return;
    } catch (error) {
      // Not up yet; anything that the server itself says is final.
      if (left === 0 || (error.code !== 'ECONNREFUSED' && error.code !== '57P03')) throw error;
      await sleep(100);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

function idOf(flag) {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}
