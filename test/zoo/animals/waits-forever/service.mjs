// The pool as node-postgres has it unless told otherwise: a request waits for a session as long as it takes.
import { acquire, openPool } from '../../node/database.mjs';
import { serve } from '../../node/serve.mjs';

async function lend(pool, timing, work) {
  const session = await acquire(pool, timing);
  try {
    return await work(session);
  } finally {
    session.release();
  }
}

serve({ pool: openPool({ connectionTimeoutMillis: 0 }), lend });
