import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Login } from '../../src/postgres/postgres-server.ts';

/** A session as a service would open it. */
export async function openSession(login: Login, applicationName = 'instance-1'): Promise<pg.Client> {
  const client = new pg.Client({ ...login, ssl: false, application_name: applicationName });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The code with which a connection is refused, or null when it is not. */
export async function refusalOf(login: Login): Promise<string | null> {
  try {
    await (await openSession(login)).end();
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** Opens sessions until the server refuses one. */
export async function fillUp(login: Login): Promise<readonly pg.Client[]> {
  const sessions: pg.Client[] = [];
  for (let count = 0; count < 1000; count += 1) {
    try {
      sessions.push(await openSession(login));
    } catch {
      return sessions;
    }
  }
  throw new Error('the server never refuses');
}

/** Connects so many times at once, holds what it got for a while, and lets go. */
export async function burst(login: Login, count: number, holdMs: number): Promise<void> {
  const one = async (): Promise<void> => {
    const client = await openSession(login).catch(() => null);
    await delay(holdMs);
    await client?.end();
  };
  await Promise.all(Array.from({ length: count }, one));
}
