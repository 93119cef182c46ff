// The same process mails receipts in the background, on sessions of its own that stand in nobody's budget.
import pg from 'pg';
import { connection } from '../../node/database.mjs';
import { serve } from '../../node/serve.mjs';

const mailers = 3;

async function mail() {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  await client.connect();
  for (;;) await client.query('select count(*), pg_sleep(0.2) from orders');
}

serve({
  whenReady: () => {
    for (let each = 0; each < mailers; each += 1)
      void mail().catch((error) => console.error(`mailer ended: ${error.message}`));
  },
});
