import type { ClientInFile } from './client-file.ts';
import type { Client } from './client.ts';
import { makeRetry } from './make-client-retry.ts';

/** What a caller waits beyond the longest request: the 10 s that the platform may queue it, and some way there. */
const graceMs = 12_000;

/** Fills the defaults of `client:`. */
export function makeClient(given: ClientInFile, requestTimeoutMs: number): Client {
  return {
    count: given.clients ?? 1,
    timeoutMs: given.timeout ?? requestTimeoutMs + graceMs,
    deadlineMs: given.deadline ?? requestTimeoutMs,
    connections: given.connections ?? 'keep_alive',
    cookies: given.cookies ?? false,
    idToken: given.id_token ?? null,
    retry: makeRetry(given.retry),
  };
}
