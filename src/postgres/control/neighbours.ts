import type { Client } from 'pg';
import { messageOf } from '../../base/errors.ts';
import { connect } from '../connect.ts';
import { disconnect } from '../disconnect.ts';
import { giveOwnEnd, limitTo, renewSession } from '../own-end.ts';
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

/** How sessions are held. */
export interface Hold {
  /** Their application name. */
  readonly name: string;
  /** The server ends one that has been silent for so long (from PostgreSQL 14 on). */
  readonly idleMs: number;
  /** Whether they say something now and then, so as to be held without an end. */
  readonly isRenewed: boolean;
}

/** Opens up to `count` sessions under a name of their own; stops at the first refusal. */
export async function openNeighbours(login: Login, count: number, hold: Hold): Promise<NeighbourSessions> {
  const clients: Client[] = [];
  let refused: string | null = null;
  while (clients.length < count && refused === null) {
    const opened = await Promise.allSettled(
      Array.from({ length: Math.min(atOnce, count - clients.length) }, () => openOne(login, hold)),
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

async function openOne(login: Login, { name, idleMs, isRenewed }: Hold): Promise<Client> {
  const client = await connect(login, { timeoutMs: connectTimeoutMs });
  await giveOwnEnd(client);
  await client.query(`set application_name = '${name}'; ${limitTo(idleMs, ['idle_session_timeout'])}`);
  if (isRenewed) renewSession(client);
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
