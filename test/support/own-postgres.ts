import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import getPort from 'get-port';
import pg from 'pg';

/** Where Debian keeps its PostgreSQL 15. */
const programs = '/usr/lib/postgresql/15/bin';

/** A server of somebody's own, as the tests want it. */
export interface OwnPostgresOptions {
  /** 100 unless given. */
  readonly maxConnections?: number;
  /** Settings of postgresql.conf beside the port, such as `log_destination`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** SQL that the superuser runs first; `:password` stands for the password that all roles here have. */
  readonly setup?: readonly string[];
}

/** A server that stands for one that poolproof did not start. */
export interface OwnPostgres {
  readonly port: number;
  /** Of all roles. */
  readonly password: string;
  /** Holds `data` and, where the server collects its log, `data/log`. */
  readonly folder: string;
  /** As a role, into a database: `postgres`, the superuser and its database, unless given. */
  url(role?: string, database?: string): string;
  /** Runs statements as the superuser. */
  query(sql: string, database?: string): Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** Whether Debian's server is on this machine; says loudly that it is not. */
export function hasOwnPostgres(suite: string): boolean {
  const has = existsSync(join(programs, 'initdb'));
  if (!has) console.warn(`\nSKIPPED: ${suite}: no ${programs}/initdb (Debian's postgresql-15)\n`);
  return has;
}

/** Starts Debian's PostgreSQL 15 on a free port of loopback, under an account that is not root. */
export async function startOwnPostgres(options: OwnPostgresOptions = {}): Promise<OwnPostgres> {
  const account = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  const folder = mkdtempSync(join(tmpdir(), 'own-pg-'));
  chmodSync(folder, 0o777);
  const password = randomBytes(9).toString('hex');
  const port = await getPort({ host: '127.0.0.1' });
  makeCluster(folder, password, account);
  writeFileSync(join(folder, 'data', 'postgresql.auto.conf'), settingsOf(port, options));
  const server = spawn(join(programs, 'postgres'), ['-D', join(folder, 'data')], {
    ...account,
    cwd: folder,
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  server.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const own = ownPostgres(server, { folder, password, port });
  try {
    await untilReady(own, server, () => said.join(''));
    for (const sql of options.setup ?? []) await own.query(sql.replaceAll(':password', `'${password}'`));
    return own;
  } catch (error) {
    await own.stop();
    throw error;
  }
}

function ownPostgres(
  server: ChildProcess,
  { folder, password, port }: Pick<OwnPostgres, 'folder' | 'password' | 'port'>,
): OwnPostgres {
  const url = (role = 'postgres', database = 'postgres'): string =>
    `postgres://${encodeURIComponent(role)}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  return {
    port,
    password,
    folder,
    url,
    query: async (sql, database) => {
      const client = new pg.Client({
        connectionString: url('postgres', database),
        application_name: 'tests',
      });
      client.on('error', () => undefined);
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGQUIT');
        await once(server, 'exit');
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function makeCluster(folder: string, password: string, account: object): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o644 });
  const data = ['-D', join(folder, 'data'), '-U', 'postgres', '--pwfile', passwordFile];
  const form = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  execFileSync(join(programs, 'initdb'), [...data, ...form], { ...account, cwd: folder, stdio: 'pipe' });
  rmSync(passwordFile);
}

function settingsOf(port: number, { maxConnections = 100, settings = {} }: OwnPostgresOptions): string {
  const all = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: maxConnections,
    fsync: 'off',
    shared_buffers: '32MB',
    ...settings,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
    .join('');
}

async function untilReady(own: OwnPostgres, server: ChildProcess, said: () => string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 30_000 && server.exitCode === null; waitedMs += 20) {
    if (
      await own.query('select 1').then(
        () => true,
        () => false,
      )
    )
      return;
    await delay(20);
  }
  throw new Error(`Debian's PostgreSQL does not start: ${said()}`);
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}
