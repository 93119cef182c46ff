import type { Client } from 'pg';
import type { ServerLimits } from '../contract/contract.ts';

/** `reserved_connections` came with PostgreSQL 16; a missing setting reserves nothing. */
const query = `
select current_setting('server_version') as version,
  current_setting('max_connections') as max_connections,
  current_setting('superuser_reserved_connections') as superuser_reserved,
  coalesce(current_setting('reserved_connections', true), '0') as reserved`;

interface Row {
  readonly version: string;
  readonly max_connections: string;
  readonly superuser_reserved: string;
  readonly reserved: string;
}

/** Asks the server what it is and what it allows. */
export async function readLimits(client: Client): Promise<{ version: string; limits: ServerLimits }> {
  const row = (await client.query<Row>(query)).rows[0];
  if (row === undefined) throw new Error('the server did not tell its limits');
  return {
    // Distributions append their own name: "15.18 (Debian 15.18-0+deb12u1)".
    version: row.version.split(' ')[0] ?? row.version,
    limits: {
      maxConnections: Number(row.max_connections),
      superuserReserved: Number(row.superuser_reserved),
      reservedConnections: Number(row.reserved),
    },
  };
}
