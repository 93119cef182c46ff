// The reference service: a small orders API on Postgres, as plain as it can be and safe by default.
// Everything that decides its behaviour under overload is an environment variable, named as in its service.yaml.
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import pg from 'pg';
import { startPayments } from './payments.mjs';

const number = (name, fallback) => Number(process.env[name] ?? fallback);

const settings = {
  port: number('PORT', 8080),
  /** Behind a pooler, DB_POOL_MAX is what that opens at Postgres; this is what it is asked by. */
  poolMax: number('DB_CLIENT_POOL_MAX', number('DB_POOL_MAX', 4)),
  poolMin: number('DB_POOL_MIN', 0),
  /** 0 waits for ever: node-postgres' own default, and not ours. */
  acquireTimeoutMs: number('DB_POOL_ACQUIRE_TIMEOUT_MS', 1000),
  statementTimeoutMs: number('DB_STATEMENT_TIMEOUT_MS', 5000),
  /** Requests that may wait for a session; the next one is refused at once. */
  maxWaiters: number('DB_POOL_MAX_WAITERS', number('DB_POOL_MAX', 4)),
  /** What a request that may not even wait is answered with. */
  shedStatus: number('SHED_STATUS', 503),
  /** How long the heavy route works in the database. The time is slept there, so that it costs no CPU here. */
  reportMs: number('REPORT_MS', 250),
  /** How long the payment provider takes to answer. */
  paymentMs: number('PAYMENT_MS', 100),
  /** True keeps the transaction open while the payment provider answers: the mistake of many an incident. */
  payInsideTransaction: process.env.PAY_INSIDE_TRANSACTION === 'true',
  /** True reads the password for each new session; without it the one of the start is kept, until it is worth nothing. */
  refreshPassword: process.env.DB_REFRESH_PASSWORD === 'true',
};

/** With a function for a password, node-postgres takes the rest from PGHOST, PGPORT, PGUSER and PGDATABASE. */
const database = settings.refreshPassword
  ? { password: () => readFile(process.env.DB_PASSWORD_FILE, 'utf8') }
  : { connectionString: process.env.DATABASE_URL };

const pool = new pg.Pool({
  ...database,
  application_name: process.env.PGAPPNAME,
  max: settings.poolMax,
  min: settings.poolMin,
  connectionTimeoutMillis: settings.acquireTimeoutMs,
  statement_timeout: settings.statementTimeoutMs,
});
// Without a listener, an idle session that the server ends would end this process.
pool.on('error', (error) => console.error(`idle session lost: ${error.message}`));

const payments = await startPayments(settings.paymentMs);

/** A failure that the caller is told about honestly: a status, a code, and when to come back. */
class Refusal extends Error {
  constructor(status, code, sqlstate) {
    super(code);
    this.status = status;
    this.code = code;
    this.sqlstate = sqlstate;
  }
}

/** Runs the work with a session, or refuses: at once when too many wait already, later when the wait is too long. */
async function withSession(timing, work) {
  if (pool.waitingCount >= settings.maxWaiters) throw new Refusal(settings.shedStatus, 'shed');
  const askedAt = performance.now();
  const session = await pool.connect().catch((error) => {
    throw error.message.startsWith('timeout exceeded')
      ? new Refusal(503, 'pool_timeout')
      : new Refusal(503, 'db_error', error.code);
  });
  timing.acquireMs = performance.now() - askedAt;
  try {
    const result = await work(session);
    session.release();
    return result;
  } catch (error) {
    session.release(error);
    throw error.code === '57014'
      ? new Refusal(503, 'stmt_timeout', error.code)
      : new Refusal(503, 'db_error', error.code);
  }
}

async function readOrder(timing, id) {
  const found = await withSession(timing, (session) =>
    session.query('select id, sku, paid from orders where id = $1', [id]),
  );
  return found.rows[0] ?? { id, sku: null, paid: false };
}

async function placeOrder(timing, { sku }) {
  if (!settings.payInsideTransaction) await payments.charge();
  return withSession(timing, async (session) => {
    await session.query('begin');
    const inserted = await session.query(
      'insert into orders (sku, paid) values ($1, true) returning id, sku, paid',
      [sku],
    );
    if (settings.payInsideTransaction) await payments.charge();
    await session.query('commit');
    return inserted.rows[0];
  });
}

async function salesReport(timing) {
  const result = await withSession(timing, (session) =>
    session.query('select count(*)::int as orders, pg_sleep($1)::text as worked from orders', [
      settings.reportMs / 1000,
    ]),
  );
  return { orders: result.rows[0].orders };
}

async function route(request, timing) {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/healthz') return { ok: true }; // never touches the pool: a health check must not claim a session
  if (request.method === 'POST' && pathname === '/orders') return placeOrder(timing, await readJson(request));
  if (pathname === '/reports/sales') return salesReport(timing);
  const order = /^\/orders\/(\d+)$/.exec(pathname);
  if (order !== null) return readOrder(timing, Number(order[1]));
  throw new Refusal(404, 'not_found');
}

async function readJson(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'bad_json');
  }
}

const server = http.createServer(async (request, response) => {
  const timing = {};
  try {
    const body = JSON.stringify(await route(request, timing));
    response.writeHead(200, { 'content-type': 'application/json', ...timingHeader(timing) }).end(body);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, 'unknown');
    const headers = {
      'content-type': 'application/json',
      'x-error-code': refusal.code,
      ...timingHeader(timing),
    };
    if (refusal.sqlstate !== undefined) headers['x-sqlstate'] = refusal.sqlstate;
    if ([429, 503].includes(refusal.status)) headers['retry-after'] = '1';
    response.writeHead(refusal.status, headers).end(JSON.stringify({ error: refusal.code }));
  }
});

function timingHeader({ acquireMs }) {
  return acquireMs === undefined ? {} : { 'server-timing': `acquire;dur=${acquireMs.toFixed(3)}` };
}

// A container is reached from outside: HOST=0.0.0.0 there.
server.listen(settings.port, process.env.HOST ?? '127.0.0.1');

// Cloud Run gives ten seconds between SIGTERM and SIGKILL: finish what is here, then give the sessions back.
process.once('SIGTERM', () => {
  server.close(async () => {
    await pool.end();
    payments.close();
  });
  server.closeIdleConnections();
});
