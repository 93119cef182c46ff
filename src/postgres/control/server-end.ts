import { sleep } from '../../base/deadline.ts';
import { EnvironmentError } from '../../base/errors.ts';
import { openObserver } from '../connect.ts';
import { disconnect } from '../disconnect.ts';
import type { Login } from '../postgres-server.ts';

const connectTimeoutMs = 2000;
/** Sessions that a smart shutdown waits for may never end: then it becomes a fast one. */
const smartLimitMs = 10_000;
const fastLimitMs = 15_000;
const recoveryLimitMs = 30_000;
const pollMs = 20;

type EndMode = 'smart' | 'fast' | 'immediate';

/** How long a server has to end in this way. */
export function endLimitMs(mode: EndMode): number {
  return mode === 'smart' ? smartLimitMs : fastLimitMs;
}

/** What is said of a server that did not end in this way in time. */
export function harderThan(mode: EndMode): string {
  const then = mode === 'smart' ? 'a fast one' : 'a harder one';
  return `not over after ${endLimitMs(mode) / 1000} s, so ${then} was made of it`;
}

/** A server at one moment: the backend that looked, and when its checkpointer began. A recovery starts a new one. */
export interface ServerSnapshot {
  readonly pid: number;
  readonly checkpointer: string;
}

/** Resolves when the server has recovered from a crash, which its state before the crash tells. */
export async function untilRecovered(monitor: Login, before: ServerSnapshot): Promise<void> {
  for (let waitedMs = 0; waitedMs < recoveryLimitMs; waitedMs += pollMs) {
    await sleep(pollMs);
    const now = await look(monitor).catch(() => null);
    // Until it has noticed the crash, it takes connections as before.
    if (now !== null && now.checkpointer !== before.checkpointer) return;
  }
  throw new EnvironmentError([
    { message: `Postgres did not recover within ${recoveryLimitMs / 1000} s of a crash` },
  ]);
}

/** Looks through a session of its own; `act` is called while that is open. */
export async function look(
  monitor: Login,
  act: (snapshot: ServerSnapshot) => unknown = () => undefined,
): Promise<ServerSnapshot> {
  const client = await openObserver(monitor, connectTimeoutMs);
  try {
    const { rows } = await client.query<{ pid: string; began: string }>(
      `select pg_backend_pid() as pid, backend_start::text as began from pg_stat_activity
      where backend_type = 'checkpointer'`,
    );
    const snapshot = { pid: Number(rows[0]?.pid), checkpointer: rows[0]?.began ?? '' };
    if (snapshot.checkpointer === '') throw new Error('the server has no checkpointer yet');
    await act(snapshot);
    return snapshot;
  } finally {
    await disconnect(client);
  }
}

/** The pids of a role's sessions, as the server sees them. */
export async function backendsOf(monitor: Login, role: string): Promise<readonly number[]> {
  const client = await openObserver(monitor, connectTimeoutMs);
  try {
    const { rows } = await client.query<{ pid: string }>(
      `select pid from pg_stat_activity
      where backend_type = 'client backend' and usename = ${client.escapeLiteral(role)}`,
    );
    return rows.map(({ pid }) => Number(pid));
  } finally {
    await disconnect(client);
  }
}
