// No pool: connect, ask, disconnect.
import pg from 'pg';
import { connection } from '../../node/database.mjs';
import { dbError } from '../../node/refusal.mjs';
import { serve } from '../../node/serve.mjs';

async function lend(pool, timing, work) {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw dbError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

serve({ lend });
