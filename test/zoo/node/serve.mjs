// A small orders service. Called without parts it is a good one; a fault is one part written as it is written in the wild.
import http from 'node:http';
import { borrow, openPool } from './database.mjs';
import { Refusal } from './refusal.mjs';
import { routes as allRoutes } from './routes.mjs';
import { settings } from './settings.mjs';

/**
 * @param parts `pool`: where sessions come from; `lend(pool, timing, work)`: how one is got and given back;
 *   `routes`: what it answers; `health(pool)`: what its health check does; `refuse(error)`: what a caller is told;
 *   `whenReady(pool)`: what it does once it listens; `stop(server, pool)`: what SIGTERM does.
 */
export function serve(parts = {}) {
  const { pool = openPool(), lend = borrow, routes = allRoutes, health = () => {} } = parts;
  const { refuse = tell, whenReady = () => {}, stop = drain } = parts;

  async function answer(request, timing) {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/health') return (await health(pool), { healthy: true });
    const route = routes.find(({ method, path }) => method === request.method && path.test(pathname));
    if (route === undefined) throw new Refusal(404, 'not_found');
    return route.handle((work) => lend(pool, timing, work), { request, pathname, pool });
  }

  const server = http.createServer(async (request, response) => {
    const timing = {};
    request.resume();
    const { status, body, headers } = await answer(request, timing).then(
      (found) => ({ status: 200, body: found, headers: {} }),
      (error) => refuse(error),
    );
    const times =
      timing.acquireMs === undefined ? {} : { 'server-timing': `acquire;dur=${timing.acquireMs.toFixed(3)}` };
    response.writeHead(status, { 'content-type': 'application/json', ...headers, ...times });
    response.end(JSON.stringify(body));
  });
  server.listen(settings.port, '0.0.0.0', () => whenReady(pool));
  process.once('SIGTERM', () => stop(server, pool));
}

/** A status, a code, and when to come back. */
export function tell(error) {
  const { status, code, sqlstate } = error instanceof Refusal ? error : new Refusal(500, 'unknown');
  if (!(error instanceof Refusal)) console.error(error);
  return {
    status,
    body: { error: code },
    headers: {
      'x-error-code': code,
      ...(sqlstate === undefined ? {} : { 'x-sqlstate': sqlstate }),
      ...(status === 503 || status === 429 ? { 'retry-after': '1' } : {}),
    },
  };
}

/** Finishes what is here, then gives the sessions back. */
function drain(server, pool) {
  server.close(() => pool.end());
  server.closeIdleConnections();
}
