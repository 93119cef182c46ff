import type { Socket } from 'node:net';
import type pg from 'pg';
import type { LogEvent } from '../../src/evidence/event.ts';
import type { Login } from '../../src/postgres/postgres-server.ts';
import { until } from '../support/until.ts';
import { openSession } from './pg-client.ts';

/**
 * Waits until everything that the server has logged so far was read. Its lines come in the order of their writing: once
 * a session of our own that comes and goes is read, so is all that was before it.
 */
export async function untilLogIsRead(login: Login, logged: readonly LogEvent[]): Promise<void> {
  const before = logged.length;
  const client = await openSession(login, 'log-barrier');
  const port = socketOf(client).localPort;
  await client.end();
  await until(() =>
    logged.slice(before).some((event) => event.port === port && event.what === 'disconnected'),
  );
}

/** The connection below a client. */
export function socketOf(client: pg.Client): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}
