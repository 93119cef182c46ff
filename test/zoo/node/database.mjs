// How the service comes to its sessions, as plain and as safe as it can be.
import pg from 'pg';
import { dbError, Refusal } from './refusal.mjs';
import { settings } from './settings.mjs';

export const connection = {
  connectionString: process.env.DATABASE_URL,
  application_name: process.env.PGAPPNAME,
  statement_timeout: settings.statementTimeoutMs,
  lock_timeout: settings.lockTimeoutMs,
};

export function openPool(different = {}) {
  const pool = new pg.Pool({
    ...connection,
    max: settings.poolMax,
    connectionTimeoutMillis: settings.acquireTimeoutMs,
    idleTimeoutMillis: settings.idleTimeoutMs,
    ...different,
  });
  // Without a listener, an idle session that the server ends would end this process.
  pool.on('error', (error) => console.error(`idle session lost: ${error.message}`));
  return pool;
}

/** Refuses at once when as many wait as have sessions: by then the last of them would wait for a whole round. */
export function admit(pool) {
  if (pool.waitingCount >= pool.options.max) throw new Refusal(503, 'shed');
}

export async function acquire(pool, timing) {
  const askedAt = performance.now();
  const session = await pool.connect().catch((error) => {
    throw error.message.startsWith('timeout exceeded') ? new Refusal(503, 'pool_timeout') : dbError(error);
  });
  timing.acquireMs = performance.now() - askedAt;
  return session;
}

/** Runs the work with a session of the pool, which gets it back whatever happens. */
export async function borrow(pool, timing, work) {
  admit(pool);
  const session = await acquire(pool, timing);
  try {
    const result = await work(session);
    session.release();
    return result;
  } catch (error) {
    // A statement that failed leaves the session as good as it was; anything else may have broken it.
    session.release(error.code === undefined);
    throw dbError(error);
  }
}
