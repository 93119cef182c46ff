import type { PoolerEvent } from '../../evidence/event.ts';
import type { ConsoleRow } from './console.ts';

type Pool = PoolerEvent['pools'][number];
type Clients = NonNullable<PoolerEvent['clients']>;
type Limits = NonNullable<PoolerEvent['limits']>;

/** The console's own pool: its sessions are nobody's. */
const ownDatabase = 'pgbouncer';

/** The most pools one event lists; the rest are added up in the last. */
const mostPools = 16;

/** `SHOW POOLS`: one for each pair of database and user. Columns are read by name, since every version adds some. */
export function readPools(rows: readonly ConsoleRow[]): Pool[] {
  const pools = rows.filter(({ database }) => database !== ownDatabase).map(poolOf);
  const kept = pools.slice(0, mostPools);
  const last = kept.at(-1);
  if (last === undefined || pools.length === kept.length) return kept;
  return [...kept.slice(0, -1), pools.slice(mostPools - 1).reduce(together)];
}

function poolOf(row: ConsoleRow): Pool {
  return {
    database: row.database ?? '',
    user: row.user ?? '',
    clients_active: numberIn(row, 'cl_active'),
    clients_waiting: numberIn(row, 'cl_waiting'),
    servers_active: numberIn(row, 'sv_active'),
    // Used and tested ones are open at Postgres too, but no client has them.
    servers_idle: numberIn(row, 'sv_idle') + numberIn(row, 'sv_used') + numberIn(row, 'sv_tested'),
    servers_login: numberIn(row, 'sv_login'),
    max_wait_us: numberIn(row, 'maxwait') * 1_000_000 + numberIn(row, 'maxwait_us'),
  };
}

function together(one: Pool, other: Pool): Pool {
  return {
    database: '(others)',
    user: '(others)',
    clients_active: one.clients_active + other.clients_active,
    clients_waiting: one.clients_waiting + other.clients_waiting,
    servers_active: one.servers_active + other.servers_active,
    servers_idle: one.servers_idle + other.servers_idle,
    servers_login: one.servers_login + other.servers_login,
    max_wait_us: Math.max(one.max_wait_us, other.max_wait_us),
  };
}

/** The most kinds of clients one event lists; the rest are added up in the last. */
const mostKinds = 32;

/** `SHOW CLIENTS`: one for each connection; those alike are counted together, the largest group first. */
export function readClients(rows: readonly ConsoleRow[]): Clients {
  const kinds = new Map<string, Clients[number]>();
  for (const row of rows) {
    if (row.database === ownDatabase) continue;
    const [name, address] = [row.application_name ?? '', row.addr ?? ''];
    const known = kinds.get(`${address} ${name}`);
    const waits = row.state === 'waiting' || row.state === 'waiting_cancel_req' ? 1 : 0;
    kinds.set(`${address} ${name}`, {
      application_name: name,
      address,
      count: (known?.count ?? 0) + 1,
      waiting: (known?.waiting ?? 0) + waits,
    });
  }
  const all = [...kinds.values()].sort((a, b) => b.count - a.count);
  const beyond = all.slice(mostKinds - 1);
  if (beyond.length <= 1) return all;
  const sum = (of: (one: Clients[number]) => number): number =>
    beyond.reduce((total, one) => total + of(one), 0);
  const others = {
    application_name: '(others)',
    address: '(others)',
    count: sum(({ count }) => count),
    waiting: sum(({ waiting }) => waiting),
  };
  return [...all.slice(0, mostKinds - 1), others];
}

/** `SHOW SERVERS`: the pids of the backends. A connection that is still logging in has none yet. */
export function readServerPids(rows: readonly ConsoleRow[]): number[] {
  return rows
    .filter(({ database }) => database !== ownDatabase)
    .map((row) => numberIn(row, 'remote_pid'))
    .filter((pid) => pid > 0);
}

/** `SHOW STATS`: the time that all transactions so far have waited, in total. */
export function readStats(rows: readonly ConsoleRow[]): { transactions: number; waited_us: number } {
  const all = rows.filter(({ database }) => database !== ownDatabase);
  const sum = (name: string): number => all.reduce((total, row) => total + numberIn(row, name), 0);
  return { transactions: sum('total_xact_count'), waited_us: sum('total_wait_time') };
}

/** `SHOW CONFIG`: what limits either side. */
export function readLimits(rows: readonly ConsoleRow[]): Limits {
  const values = new Map(rows.map(({ key, value }) => [key ?? '', value ?? '']));
  const number = (key: string): number => Number(values.get(key) ?? 0) || 0;
  return {
    mode: values.get('pool_mode') ?? 'unknown',
    max_clients: number('max_client_conn'),
    pool_size: number('default_pool_size'),
    reserve: number('reserve_pool_size'),
    query_wait_ms: number('query_wait_timeout') * 1000,
  };
}

function numberIn(row: ConsoleRow, name: string): number {
  return Number(row[name] ?? 0) || 0;
}
