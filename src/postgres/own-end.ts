import type { Client } from 'pg';

/** A session of ours that has been silent for so long has nobody behind it: the process is frozen, or gone. */
const idleMs = 10_000;
/** So often a session that has nothing to ask lets the server know of it. */
const renewEveryMs = 2_500;

/** A connection whose other end has vanished: looked for after 5 s, given up after three looks of 2 s. */
const ends: Readonly<Record<string, number>> = {
  idle_session_timeout: idleMs,
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 3,
  tcp_user_timeout: idleMs,
};

/** Sets those that the server has: the first came with PostgreSQL 14. A WAL sender runs it too. */
function setting(limits: Readonly<Record<string, number>>): string {
  const values = Object.entries(limits).map(([name, value]) => `('${name}', '${value}')`);
  return `select set_config(s.name, v.value, false)
    from (values ${values.join(', ')}) as v (name, value) join pg_settings s on s.name = v.name`;
}

/** The statement that sets timeouts of a session, in milliseconds. */
export function limitTo(ms: number, names: readonly string[]): string {
  return setting(Object.fromEntries(names.map((name) => [name, Math.round(ms)])));
}

/**
 * Makes the server end the session by itself when this process is stopped, cut off or dead. For sessions on servers that
 * are not ours: nothing of us stays there.
 */
export async function giveOwnEnd(client: Client): Promise<void> {
  await client.query(setting(ends));
}

/** Keeps a session that may be silent for long, until that is stopped or the session ends. */
export function renewSession(client: Client): () => void {
  const timer = setInterval(() => void client.query('select 1').catch(() => undefined), renewEveryMs).unref();
  const stop = (): void => clearInterval(timer);
  client.once('end', stop);
  return stop;
}
