import type { Client } from 'pg';
import { within } from '../base/deadline.ts';

/** How long a session may take to close; a frozen server never answers. */
const goodbyeMs = 500;

/** Ends a session, politely if that is quick. Never rejects. */
export async function disconnect(client: Client): Promise<void> {
  await within(
    client.end().catch(() => undefined),
    goodbyeMs,
    undefined,
  );
}
