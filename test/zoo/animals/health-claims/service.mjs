// "Healthy" means that the database can be reached, so every health check opens a session of its own to find out.
import pg from 'pg';
import { connection } from '../../node/database.mjs';
import { serve } from '../../node/serve.mjs';

async function health() {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query('select 1');
  } finally {
    await client.end();
  }
}

serve({ health });
