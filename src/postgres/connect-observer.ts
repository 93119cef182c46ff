import type { Client } from 'pg';
import { connect } from './connect.ts';
import type { Login } from './postgres-server.ts';
import { sqlstateOf } from './sqlstate.ts';

const connectTimeoutMs = 5000;

/**
 * As a WAL sender where the role may: it takes no slot from those that are being counted, so that the service
 * finds as many as without the harness. Otherwise as an ordinary session.
 */
export async function connectObserver(login: Login): Promise<Client> {
  try {
    return await connect(login, { timeoutMs: connectTimeoutMs, asWalSender: true });
  } catch (error) {
    if (sqlstateOf(error) === null) throw error;
    return await connect(login, { timeoutMs: connectTimeoutMs });
  }
}
