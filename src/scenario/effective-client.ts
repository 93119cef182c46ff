import type { Client } from './client.ts';
import { durationOf } from './effective-target.ts';

/** `client:` in the language of the file, every default written out. */
export function effectiveClient(client: Client): object {
  return {
    timeout: durationOf(client.timeoutMs),
    deadline: durationOf(client.deadlineMs),
    retry: client.retry.name,
  };
}
