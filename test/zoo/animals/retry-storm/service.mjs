// Everyone may wait, and what a caller no longer waits for is worked on all the same.
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
