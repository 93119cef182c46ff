import type { Client, ClientConfig, CustomTypesConfig } from 'pg';
import { ownApplicationName } from '../contract/session-owner.ts';
import { giveOwnEnd } from './own-end.ts';
import type { Login } from './postgres-server.ts';

/** How to open one session. */
export interface ConnectOptions {
  readonly timeoutMs: number;
  /**
   * Connects as a WAL sender of the database. Such a session runs plain SQL (in the simple protocol only), but
   * takes its slot from `max_wal_senders`: it neither uses up nor depends on `max_connections`.
   */
  readonly asWalSender?: boolean;
}

/** Every value stays the text that the server sent: parsing costs more than the query, and is often not needed. */
const asText: CustomTypesConfig = { getTypeParser: () => (value: string) => value };

/**
 * Opens one session. Rejects with the driver's error: for a probe a refusal is an observation. A session that
 * breaks later never throws by itself; its next query rejects.
 */
export async function connect(login: Login, options: ConnectOptions): Promise<Client> {
  const { default: pg } = await import('pg');
  const { tls, ...address } = login;
  const config: ClientConfig & { replication?: 'database' } = {
    ...address,
    ssl: tls ?? false,
    application_name: ownApplicationName,
    connectionTimeoutMillis: options.timeoutMs,
    types: asText,
    ...(options.asWalSender === true ? { replication: 'database' } : {}),
  };
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/**
 * Opens a session that watches: as a WAL sender where the role may, since it then takes no slot from those that are
 * being counted, and the service finds as many as without the harness. Otherwise as an ordinary session. The server ends
 * it when nothing comes from it any more.
 */
export async function openObserver(login: Login, timeoutMs: number): Promise<Client> {
  const client = await connect(login, { timeoutMs, asWalSender: true }).catch((error: unknown) => {
    if (sqlstateOf(error) === null) throw error;
    return connect(login, { timeoutMs });
  });
  await giveOwnEnd(client);
  return client;
}

/** The SQLSTATE that the server gave with an error, or null. Sockets and timeouts have codes too, but no severity. */
export function sqlstateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
