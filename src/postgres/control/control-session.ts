import type { QueryResult } from 'pg';
import { within } from '../../base/deadline.ts';
import { openObserver } from '../connect.ts';
import { disconnect } from '../disconnect.ts';
import { renewSession } from '../own-end.ts';
import type { Login } from '../postgres-server.ts';

const connectTimeoutMs = 5000;
/** Longer than any wait for a lock that the session allows itself. */
const answerTimeoutMs = 10_000;

/**
 * It never blocks others for long, and whatever it does ends on the server soon after nobody waits for it any more. A
 * fault that holds a transaction open says itself for how long.
 */
const settings = `set statement_timeout = 12000; set idle_in_transaction_session_timeout = 5000; set lock_timeout = 5000`;

export type TextRow = Readonly<Record<string, string | null>>;

/** A session that acts on the server. */
export interface ControlSession {
  isAlive(): boolean;
  /** Runs SQL in the simple protocol; the rows of the last statement. Rejects in bounded time. */
  ask(sql: string): Promise<readonly TextRow[]>;
  /** Until then it is kept although it has nothing to do; from then on it ends when it is silent. */
  take(): void;
  close(): Promise<void>;
}

type Result = QueryResult<Record<string, string | null>>;
type Answer = Result | readonly Result[];
const late = Symbol('late');

/** Opens one that takes no slot, where the role may be a WAL sender; otherwise an ordinary one. */
export async function openControlSession(login: Login): Promise<ControlSession> {
  const client = await openObserver(login, connectTimeoutMs);
  let alive = true;
  client.on('error', () => (alive = false));
  client.on('end', () => (alive = false));
  const ask = async (sql: string): Promise<readonly TextRow[]> => {
    const answer: Promise<Answer> = client.query<Record<string, string | null>>(sql);
    answer.catch(() => undefined);
    const result = await within<Answer, typeof late>(answer, answerTimeoutMs, late);
    if (result !== late) return rowsOf(result);
    // Nobody waits for what it is still doing.
    alive = false;
    throw new Error(`no answer within ${answerTimeoutMs} ms`);
  };
  await ask(settings);
  const stopRenewing = renewSession(client);
  return { isAlive: () => alive, ask, take: stopRenewing, close: () => disconnect(client) };
}

function rowsOf(answer: Answer): readonly TextRow[] {
  const last = Array.isArray(answer) ? (answer as readonly Result[]).at(-1) : (answer as Result);
  return last?.rows ?? [];
}
