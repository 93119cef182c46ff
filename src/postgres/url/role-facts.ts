import type { Client } from 'pg';

/** What the server itself says of a role and of its sessions. */
export interface RoleFacts {
  readonly role: string;
  readonly database: string;
  /** Gets slots that are kept from ordinary roles. */
  readonly mayUseReserved: boolean;
  /** `CONNECTION LIMIT` of the role; null where there is none. */
  readonly roleLimit: number | null;
  readonly databaseLimit: number | null;
  /** As a new session of the role has it; 0 is none. */
  readonly statementTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  /** Seconds until the role's password is no longer valid; null where that never happens. */
  readonly validForSec: number | null;
}

const milliseconds = (setting: string): string =>
  `(select setting from pg_settings where name = '${setting}') as ${setting}`;

/** `pg_use_reserved_connections` came with PostgreSQL 16. */
const query = `
select r.rolname as role, d.datname as database,
  r.rolsuper or exists (
    select from pg_roles g where g.rolname = 'pg_use_reserved_connections' and pg_has_role(r.oid, g.oid, 'usage')
  ) as reserved,
  r.rolconnlimit as role_limit, d.datconnlimit as database_limit,
  extract(epoch from nullif(r.rolvaliduntil, 'infinity') - now()) as valid_for,
  ${milliseconds('statement_timeout')}, ${milliseconds('idle_in_transaction_session_timeout')}
from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()`;

/** Asks in a session of the role itself, since its settings may be its own. */
export async function readRoleFacts(client: Client): Promise<RoleFacts> {
  const row = (await client.query<Readonly<Record<string, string | null>>>(query)).rows[0] ?? {};
  const limit = (name: string): number | null => {
    const value = Number(row[name] ?? -1);
    return value < 0 ? null : value;
  };
  return {
    role: row['role'] ?? '',
    database: row['database'] ?? '',
    mayUseReserved: row['reserved'] === 't',
    roleLimit: limit('role_limit'),
    databaseLimit: limit('database_limit'),
    statementTimeoutMs: Number(row['statement_timeout'] ?? 0),
    idleInTransactionTimeoutMs: Number(row['idle_in_transaction_session_timeout'] ?? 0),
    validForSec: row['valid_for'] == null ? null : Number(row['valid_for']),
  };
}
