// One row counts everything, and its lock is held while the rest of the work is done. Whoever comes next waits for it as
// long as a statement may take.
import { openPool } from '../../node/database.mjs';
import { serve } from '../../node/serve.mjs';

async function count(withSession) {
  return withSession(async (session) => {
    try {
      return await countOnce(session);
    } catch (error) {
      await session.query('rollback');
      throw error;
    }
  });
}

async function countOnce(session) {
  await session.query('begin');
  const { rows } = await session.query('update counters set count = count + 1 where id = 0 returning count');
  await session.query('select count(*), pg_sleep(0.3) from orders');
  await session.query('commit');
  return { count: rows[0].count };
}

serve({
  pool: openPool({ lock_timeout: 0 }),
  routes: [{ method: 'POST', path: /^\/count$/, handle: count }],
});
