import { describe, expect, it } from 'vitest';
import { readError } from '../../src/evidence/error-taxonomy.ts';

/** What servers, poolers, proxies and drivers write, with the SQLSTATE that each of these texts goes with. */
const said: readonly (readonly [string, string, string | null])[] = [
  ['sorry, too many clients already', 'server_full', '53300'],
  ['PSQLException: FATAL: sorry, too many clients already', 'server_full', '53300'],
  [
    'failed to connect to `host=db`: FATAL: sorry, too many clients already (SQLSTATE 53300)',
    'server_full',
    '53300',
  ],
  [
    'remaining connection slots are reserved for non-replication superuser connections',
    'reserved_slots',
    '53300',
  ],
  [
    'remaining connection slots are reserved for superuser and rds_superuser connections',
    'reserved_slots',
    '53300',
  ],
  [
    'remaining connection slots are reserved for roles with the SUPERUSER attribute',
    'reserved_slots',
    '53300',
  ],
  [
    'remaining connection slots are reserved for roles with privileges of the "pg_use_reserved_connections" role',
    'reserved_slots',
    '53300',
  ],
  ['too many connections for role "x"', 'role_limit', '53300'],
  ['too many connections for database "x"', 'database_limit', '53300'],
  ['number of requested standby connections exceeds max_wal_senders', 'walsender_limit', '53300'],
  ['database "x" is not currently accepting connections', 'database_closed', '55000'],
  ['terminating connection due to administrator command', 'terminated', '57P01'],
  ['terminating connection because of crash of another server process', 'sibling_crash', '57P02'],
  ['the database system is starting up', 'not_ready', '57P03'],
  ['the database system is not yet accepting connections', 'not_ready', '57P03'],
  ['the database system is in recovery mode', 'not_ready', '57P03'],
  ['the database system is shutting down', 'not_ready', '57P03'],
  ['terminating connection due to idle-session timeout', 'idle_session_timeout', '57P05'],
  ['canceling statement due to statement timeout', 'statement_timeout', '57014'],
  ['canceling statement due to user request', 'canceled', '57014'],
  ['terminating connection due to idle-in-transaction timeout', 'idle_in_transaction_timeout', '25P03'],
  [
    'PQconsumeInput() FATAL: terminating connection due to idle-in-transaction timeout',
    'idle_in_transaction_timeout',
    '25P03',
  ],
  ['terminating connection due to transaction timeout', 'transaction_timeout', '25P04'],
  ['canceling statement due to lock timeout', 'lock_timeout', '55P03'],
  ['deadlock detected', 'deadlock', '40P01'],
  ['could not serialize access due to concurrent update', 'serialization', '40001'],
  ['password authentication failed for user "x"', 'credentials', '28P01'],
  ['Cloud SQL IAM service account authentication failed for user "x"', 'credentials', '28P01'],
  ['role "x" is not permitted to log in', 'login_denied', '28000'],
  ['no pg_hba.conf entry for host "10.0.0.1"', 'login_denied', '28000'],
  ['database "x" does not exist', 'no_database', '3D000'],
  ['permission denied for database "x"', 'no_grant', '42501'],
  ['canceling authentication due to timeout', 'startup_slow', null],
  ['no more connections allowed (max_client_conn)', 'pooler_full', '08P01'],
  ['client connections exceeded (max_db_client_connections)', 'pooler_full', '08P01'],
  ['client connections exceeded (max_user_client_connections)', 'pooler_full', '08P01'],
  [
    '(EMAXCONNSESSION) max clients reached in session mode - max clients are limited to pool_size: 15',
    'pooler_full',
    '08P01',
  ],
  ['Max client connections reached', 'pooler_full', '08P01'],
  ['query_wait_timeout', 'pooler_queue', '08P01'],
  ['query_timeout', 'pooler_other', '08P01'],
  ['client_login_timeout', 'pooler_other', '08P01'],
  ['server login has been failing, try again later', 'pooler_other', '08P01'],
  ['server conn crashed?', 'pooler_other', '08P01'],
  ['pooler is shutting down', 'pooler_other', '08P01'],
  ['Exceeded maximum of 100 connections per instance', 'instance_connections', null],
  [
    "Quota exceeded for quota metric 'Queries' and limit 'Queries per user per 100 seconds'",
    'cloud_sql_quota',
    null,
  ],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'network', null],
  ['read ECONNRESET', 'network', null],
  ['connect ETIMEDOUT', 'network', null],
  ['connection to server at "h", port 5432 failed: Connection refused', 'network', null],
  ['server closed the connection unexpectedly', 'network', null],
  ['timeout expired', 'network', null],
  ['Connection terminated due to connection timeout', 'network', null],
  ['Connection terminated unexpectedly', 'network', null],
  ['write CONNECT_TIMEOUT db:5432', 'network', null],
  ['write CONNECTION_CLOSED db:5432', 'network', null],
];

/** What pools say to those that got no session in time. */
const pools: readonly string[] = [
  'Error: timeout exceeded when trying to connect',
  'KnexTimeoutError: Knex: Timeout acquiring a connection. The pool is probably full. Are you missing a .transacting(trx) call?',
  'SequelizeConnectionAcquireTimeoutError [SequelizeConnectionAcquireTimeoutError]: Operation timeout',
  'Timed out fetching a new connection from the connection pool. (Current connection pool timeout: 10, connection limit: 5)',
  '{"error":"P2024"}',
  'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
  'psycopg2.pool.PoolError: connection pool exhausted',
  "PoolTimeout: couldn't get a connection after 0.30 sec",
  "TooManyRequests: the pool 'x' has already 7 requests waiting",
  'TimeoutError',
  'SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms.',
  'ActiveRecord::ConnectionTimeoutError: could not obtain a connection from the pool within 5.000 seconds (waited 5.006 seconds); all pooled connections were in use',
  "The connection pool has been exhausted, either raise 'Max Pool Size' (currently 100) or 'Timeout' (currently 15 seconds)",
  'Timeout: Pool empty. Unable to fetch a connection in 30 seconds, none available[size:100; busy:100; idle:0]',
  '{"code":"PGRST003","message":"Timed out acquiring connection from connection pool"}',
];

describe('a failure is named by what was said', () => {
  it.each(said)('%s', (text, is, sqlstate) => {
    expect(readError(text)).toMatchObject({ is, sqlstate });
  });

  it.each(pools)('%s', (text) => {
    expect(readError(text)).toEqual({ is: 'pool_timeout', code: 'pool_timeout', sqlstate: null });
  });

  it('also where it stands in a page, or in JSON', () => {
    const page =
      '<html><h1>500</h1><pre>Error: timeout exceeded when trying to connect\n  at Pool</pre></html>';
    expect(readError(page)?.code).toBe('pool_timeout');
    expect(readError('{"error":"canceling statement due to statement timeout"}')?.code).toBe('stmt_timeout');
    expect(readError('Error: Query read timeout')?.code).toBe('stmt_timeout');
  });
});

describe('a SQLSTATE', () => {
  it.each([
    ['{"error":"busy","code":"53300"}', '53300'],
    ['ERROR: something (SQLSTATE 57P01)', '57P01'],
    ["pgcode='40P01'", '40P01'],
    ['sqlState: 08006', '08006'],
  ])('is found in %s', (text, sqlstate) => {
    expect(readError(text)?.sqlstate).toBe(sqlstate);
  });

  it.each(['{"code":12345}', '{"code":"ERROR"}', 'order 53300 was not found', '{"status":500}', ''])(
    'is not read into %s',
    (text) => {
      expect(readError(text)).toBeNull();
    },
  );

  it('that came with the answer goes before the one that the text goes with', () => {
    expect(readError('max client connections reached', 'XX000')).toMatchObject({
      is: 'pooler_full',
      sqlstate: 'XX000',
    });
  });
});
