// The request's own timeout is all there is: when it has passed, the search goes on in the database.
import { openPool } from '../../node/database.mjs';
import { routes } from '../../node/routes.mjs';
import { serve } from '../../node/serve.mjs';

const searchSeconds = 4;

async function search(withSession) {
  const { rows } = await withSession((session) =>
    session.query('select count(*)::int as orders, pg_sleep($1)::text from orders', [searchSeconds]),
  );
  return { orders: rows[0].orders };
}

serve({
  pool: openPool({ statement_timeout: 0 }),
  routes: [...routes, { method: 'GET', path: /^\/search$/, handle: search }],
});
