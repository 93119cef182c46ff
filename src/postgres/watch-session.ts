import type { QueryArrayResult } from 'pg';
import { within } from '../base/deadline.ts';
import { connectObserver } from './connect-observer.ts';
import { disconnect } from './disconnect.ts';
import type { Login } from './postgres-server.ts';

const answerTimeoutMs = 2000;

type Answer = QueryArrayResult<(string | null)[]>;

/** A session for the questions that are asked now and then. Opened before load, and never again. */
export interface WatchSession {
  /** The rows of the answer, each value as text; null when there is none, and then for ever. */
  ask(text: string): Promise<readonly (readonly (string | null)[])[] | null>;
  close(): Promise<void>;
}

/** Opens a session of the observers' own, apart from the sampler's, which must not wait for it. */
export async function openWatchSession(login: Login): Promise<WatchSession> {
  const client = await connectObserver(login);
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  const askNow = async (text: string): Promise<readonly (readonly (string | null)[])[] | null> => {
    if (lost.signal.aborted) return null;
    const answer = client.query<(string | null)[]>({ text, rowMode: 'array' }).catch(() => null);
    const result = await within<Answer | null, null>(answer, answerTimeoutMs, null);
    if (result === null) lost.abort();
    return result?.rows ?? null;
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask: (text) => {
      const mine = last.then(() => askNow(text));
      last = mine;
      return mine;
    },
    close: () => disconnect(client),
  };
}
