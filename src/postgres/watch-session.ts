import type { Client, QueryArrayResult } from 'pg';
import { within } from '../base/deadline.ts';
import { openObserver } from './connect.ts';
import { disconnect } from './disconnect.ts';
import { renewSession } from './own-end.ts';
import type { Login } from './postgres-server.ts';

const connectTimeoutMs = 5000;
const answerTimeoutMs = 2000;

type Answer = QueryArrayResult<(string | null)[]>;

/** A session for the questions that are asked now and then. Opened before load. */
export interface WatchSession {
  /** The rows of the answer, each value as text; null when there is none, and then for ever. */
  ask(text: string): Promise<readonly (readonly (string | null)[])[] | null>;
  /** Takes another session, behind an end of the server that was on purpose. Where there is none, it stays lost. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a session of the observers' own, apart from the sampler's, which must not wait for it. */
export async function openWatchSession(login: Login): Promise<WatchSession> {
  let line = await openLine(login);
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask: (text) => {
      const mine = last.then(() => askOn(line, text));
      last = mine;
      return mine;
    },
    reopen: async () => {
      const opened = await openLine(login).catch(() => null);
      if (opened === null) return;
      await disconnect(line.client);
      line = opened;
    },
    close: () => disconnect(line.client),
  };
}

/** A connection, and whether it still is one. */
interface Line {
  readonly client: Client;
  readonly lost: AbortController;
}

async function openLine(login: Login): Promise<Line> {
  const client = await openObserver(login, connectTimeoutMs);
  renewSession(client);
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  return { client, lost };
}

async function askOn({ client, lost }: Line, text: string): ReturnType<WatchSession['ask']> {
  if (lost.signal.aborted) return null;
  const answer = client.query<(string | null)[]>({ text, rowMode: 'array' }).catch(() => null);
  const result = await within<Answer | null, null>(answer, answerTimeoutMs, null);
  if (result === null) lost.abort();
  return result?.rows ?? null;
}
