/** What a failure to use the database was, as far as its text or its SQLSTATE tells. */
export type ErrorClass =
  | 'server_full'
  | 'reserved_slots'
  | 'role_limit'
  | 'database_limit'
  | 'walsender_limit'
  | 'database_closed'
  | 'terminated'
  | 'sibling_crash'
  | 'not_ready'
  | 'idle_session_timeout'
  | 'statement_timeout'
  | 'canceled'
  | 'idle_in_transaction_timeout'
  | 'transaction_timeout'
  | 'lock_timeout'
  | 'deadlock'
  | 'serialization'
  | 'credentials'
  | 'login_denied'
  | 'no_database'
  | 'no_grant'
  | 'startup_slow'
  | 'pooler_full'
  | 'pooler_queue'
  | 'pooler_other'
  | 'instance_connections'
  | 'cloud_sql_quota'
  | 'network'
  | 'pool_timeout'
  | 'query_timeout'
  | 'database';

/** The words that a service may say of a failure in `x-error-code`. */
export type ErrorCode = 'pool_timeout' | 'stmt_timeout' | 'db_error';

interface Kind {
  readonly is: ErrorClass;
  readonly code: ErrorCode;
  /** Null where the text comes without one, or with one that says too little. */
  readonly sqlstate: string | null;
  readonly text: RegExp;
}

const db = (is: ErrorClass, sqlstate: string | null, text: RegExp): Kind => ({
  is,
  code: 'db_error',
  sqlstate,
  text,
});
const pool = (text: RegExp): Kind => ({ is: 'pool_timeout', code: 'pool_timeout', sqlstate: null, text });

/**
 * The texts of servers, poolers, proxies, pools and drivers. Where a text quotes several, the first of these counts: a
 * pool that passes on why it was refused was refused; what merely says that a connection broke comes last.
 */
const kinds: readonly Kind[] = [
  db('server_full', '53300', /sorry, too many clients already/i),
  db('reserved_slots', '53300', /remaining connection slots are reserved/i),
  db('role_limit', '53300', /too many connections for role/i),
  db('database_limit', '53300', /too many connections for database/i),
  db('walsender_limit', '53300', /requested standby connections exceeds max_wal_senders/i),
  db('database_closed', '55000', /database ".*?" is not currently accepting connections/i),
  db('terminated', '57P01', /terminating connection due to administrator command/i),
  db('sibling_crash', '57P02', /terminating connection because of crash of another server process/i),
  db(
    'not_ready',
    '57P03',
    /the database system is (?:starting up|shutting down|in recovery mode|not (?:yet )?accepting connections)/i,
  ),
  db('idle_session_timeout', '57P05', /terminating connection due to idle-session timeout/i),
  {
    is: 'statement_timeout',
    code: 'stmt_timeout',
    sqlstate: '57014',
    text: /canceling statement due to statement timeout/i,
  },
  db('canceled', '57014', /canceling statement due to user request/i),
  db('idle_in_transaction_timeout', '25P03', /terminating connection due to idle-in-transaction timeout/i),
  db('transaction_timeout', '25P04', /terminating connection due to transaction timeout/i),
  db('lock_timeout', '55P03', /canceling statement due to lock timeout/i),
  db('deadlock', '40P01', /deadlock detected/i),
  db('serialization', '40001', /could not serialize access/i),
  db(
    'credentials',
    '28P01',
    /password authentication failed for user|Cloud SQL IAM .*authentication failed for user/i,
  ),
  db('login_denied', '28000', /is not permitted to log in|no pg_hba\.conf entry/i),
  db('no_database', '3D000', /database ".*?" does not exist/i),
  db('no_grant', '42501', /permission denied for database/i),
  db('startup_slow', null, /canceling authentication due to timeout/i),
  db(
    'pooler_full',
    '08P01',
    /no more connections allowed \(max_client_conn\)|client connections exceeded|EMAXCONNSESSION|max client connections reached|max clients reached in session mode/i,
  ),
  db('pooler_queue', '08P01', /\bquery_wait_timeout\b/i),
  db(
    'pooler_other',
    '08P01',
    /client_login_timeout|server login has been failing|server conn crashed\?|pooler is shutting down|idle transaction timeout|\bquery_timeout\b/i,
  ),
  db('instance_connections', null, /exceeded maximum of \d+ connections per instance/i),
  db('cloud_sql_quota', null, /quota exceeded.*queries per user per 100 seconds/i),
  // Pools: who asked for a session got none in time.
  pool(/timeout exceeded when trying to connect/i),
  pool(/KnexTimeoutError|timeout acquiring a connection\. the pool is probably full/i),
  pool(/SequelizeConnectionAcquireTimeoutError/i),
  pool(/timed out fetching a new connection from the connection pool|\bP2024\b/i),
  pool(/QueuePool limit of size \d+ overflow -?\d+ reached/i),
  pool(/connection pool exhausted/i),
  pool(/couldn't get a connection after [\d.]+ sec|\bPoolTimeout\b|has already \d+ requests waiting/i),
  pool(/Connection is not available, request timed out after \d+ ?ms/i),
  pool(/could not obtain a (?:database )?connection (?:from the pool )?within [\d.]+ seconds/i),
  pool(/connection pool has been exhausted/i),
  pool(/Pool empty\. Unable to fetch a connection in \d+ seconds/i),
  pool(/\bPGRST003\b|timed out acquiring connection from connection pool/i),
  pool(/^\s*(?:asyncio\.)?TimeoutError:?\s*$/),
  { is: 'query_timeout', code: 'stmt_timeout', sqlstate: null, text: /query read timeout/i },
  db(
    'network',
    null,
    /\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|ECONNABORTED|CONNECT_TIMEOUT|CONNECTION_CLOSED)\b/,
  ),
  db(
    'network',
    null,
    /server closed the connection unexpectedly|connection terminated (?:unexpectedly|due to connection timeout)|connection to server at .* failed|^\s*timeout expired\s*$/i,
  ),
];

/** What a text says. */
export interface ErrorReading {
  readonly is: ErrorClass;
  readonly code: ErrorCode;
  readonly sqlstate: string | null;
}

/** SQLSTATEs that can be told from other five characters: the classes that servers use for what matters here. */
const sqlstateIn =
  /(?:sqlstate|sql_state|pgcode|code)["']?\s*[:=(]?\s*["']?((?:0[08A]|2[2358]|3D|4[02]|5[3-8]|XX)[0-9A-Z]{3})\b/i;

/** Names a failure by its text, and by the SQLSTATE that stands in it or came with it; null where neither tells. */
export function readError(text: string, given: string | null = null): ErrorReading | null {
  const sqlstate = given ?? sqlstateIn.exec(text)?.[1]?.toUpperCase() ?? null;
  const kind = kinds.find((one) => one.text.test(text));
  if (kind !== undefined) return { is: kind.is, code: kind.code, sqlstate: sqlstate ?? kind.sqlstate };
  return sqlstate === null ? null : bySqlstate(sqlstate);
}

/** 57014 alone does not say who canceled; a timeout is by far the likelier. */
function bySqlstate(sqlstate: string): ErrorReading | null {
  const kind = kinds.find((one) => one.sqlstate === sqlstate);
  if (kind !== undefined) return { is: kind.is, code: kind.code, sqlstate };
  return /^(?:08|28|53|57P)/.test(sqlstate) ? { is: 'database', code: 'db_error', sqlstate } : null;
}
