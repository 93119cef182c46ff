// The session is given back after the work, and not at all when the work fails.
import { acquire, admit } from '../../node/database.mjs';
import { dbError } from '../../node/refusal.mjs';
import { serve } from '../../node/serve.mjs';

async function lend(pool, timing, work) {
  admit(pool);
  const session = await acquire(pool, timing);
  try {
    const result = await work(session);
    session.release();
    return result;
  } catch (error) {
    throw dbError(error);
  }
}

serve({ lend });
