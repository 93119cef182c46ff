import type { ClientInFile } from './client-file.ts';
import { noRetry, type Client } from './client.ts';

/** What a caller waits beyond the longest request: the 10 s that the platform may queue it, and some way there. */
const graceMs = 12_000;

/** Fills the defaults of `client:`. */
export function makeClient(given: ClientInFile, requestTimeoutMs: number): Client {
  return {
    count: 1,
    timeoutMs: given.timeout ?? requestTimeoutMs + graceMs,
    deadlineMs: given.deadline ?? requestTimeoutMs,
    connections: 'keep_alive',
    cookies: false,
    idToken: null,
    retry: noRetry,
  };
}
