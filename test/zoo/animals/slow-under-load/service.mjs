// A statement that is quick alone and slow in company: its time grows with those that run beside it.
import { serve } from '../../node/serve.mjs';

const report = `
  select count(*)::int as orders, (
    select pg_sleep(0.18 * count(*))::text from pg_stat_activity where usename = current_user and state = 'active'
  ) from orders`;

async function work(withSession) {
  const { rows } = await withSession((session) => session.query(report));
  return { orders: rows[0].orders };
}

serve({ routes: [{ method: 'GET', path: /^\/work$/, handle: work }] });
