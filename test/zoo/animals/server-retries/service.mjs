// Whatever the database refuses to commit is tried again, at once and up to eight times. Nobody outside sees it.
import { Refusal } from '../../node/refusal.mjs';
import { serve } from '../../node/serve.mjs';

const tries = 8;

async function count(withSession) {
  return withSession(async (session) => {
    for (let left = tries; left > 0; left -= 1) {
      try {
        return await countOnce(session);
      } catch (error) {
        await session.query('rollback');
        if (error.code !== '40001') throw error;
      }
    }
    throw new Refusal(503, 'db_error', '40001');
  });
}

async function countOnce(session) {
  await session.query('begin isolation level serializable');
  const { rows } = await session.query('select count, pg_sleep(0.02)::text from counters where id = 0');
  await session.query('update counters set count = $1 where id = 0', [Number(rows[0].count) + 1]);
  await session.query('commit');
  return { count: rows[0].count };
}

serve({ routes: [{ method: 'POST', path: /^\/count$/, handle: count }] });
