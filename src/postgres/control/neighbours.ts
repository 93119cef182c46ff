import type { Client } from 'pg';
import { messageOf } from '../../base/errors.ts';
import { connect } from '../connect.ts';
import { disconnect } from '../disconnect.ts';
import type { Login } from '../postgres-server.ts';

const connectTimeoutMs = 5000;
/** Logins at once: each costs the server milliseconds. */
const atOnce = 8;

/** Idle sessions of an ordinary role. */
export interface NeighbourSessions {
  readonly count: number;
  /** Why the others did not get in; null when all did. */
  readonly refused: string | null;
  /** Runs a statement in each of them, again and again until they are closed. */
  repeat(sql: string): void;
  close(): Promise<void>;
}

/** Opens up to `count` sessions under a name of their own; stops at the first refusal. */
export async function openNeighbours(login: Login, count: number, name: string): Promise<NeighbourSessions> {
  const clients: Client[] = [];
  let refused: string | null = null;
  while (clients.length < count && refused === null) {
    const opened = await Promise.allSettled(
      Array.from({ length: Math.min(atOnce, count - clients.length) }, () => openOne(login, name)),
    );
    for (const one of opened) {
      if (one.status === 'fulfilled') clients.push(one.value);
      else refused ??= messageOf(one.reason);
    }
  }
  let closed = false;
  return {
    count: clients.length,
    refused,
    repeat: (sql) => {
      for (const client of clients) void repeatIn(client, sql, () => closed);
    },
    close: async () => {
      closed = true;
      await Promise.all(clients.map(disconnect));
    },
  };
}

async function openOne(login: Login, name: string): Promise<Client> {
  const client = await connect(login, { timeoutMs: connectTimeoutMs });
  await client.query(`set application_name = '${name}'; set idle_session_timeout = 0`).catch(async () => {
    // Before PostgreSQL 14 there is no such timeout.
    await client.query(`set application_name = '${name}'`);
  });
  return client;
}

async function repeatIn(client: Client, sql: string, isOver: () => boolean): Promise<void> {
  while (!isOver())
    if (
      !(await client.query(sql).then(
        () => true,
        () => false,
      ))
    )
      return;
}
