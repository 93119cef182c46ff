// The reference worker: takes jobs out of the database as fast as its sessions allow, and answers a health check.
import http from 'node:http';
import pg from 'pg';

const number = (name, fallback) => Number(process.env[name] ?? fallback);

const settings = {
  port: number('PORT', 8080),
  poolMax: number('DB_POOL_MAX', 3),
  /** Jobs that one instance works on at the same time; those beyond the pool wait for a session. */
  jobsAtOnce: number('JOBS_AT_ONCE', 3),
  jobMs: number('JOB_MS', 100),
  /** True opens a connection for every job, beside the pool and beyond any declared line. */
  ownConnections: process.env.JOBS_OWN_CONNECTIONS === 'true',
};

const connection = { connectionString: process.env.DATABASE_URL, application_name: process.env.PGAPPNAME };
const pool = new pg.Pool({ ...connection, max: settings.poolMax });
pool.on('error', (error) => console.error(`idle session lost: ${error.message}`));

let stopping = false;

async function work(session) {
  await session.query('select count(*), pg_sleep($1) from orders', [settings.jobMs / 1000]);
}

async function jobWithOwnConnection() {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function jobs() {
  while (!stopping) {
    try {
      await (settings.ownConnections ? jobWithOwnConnection() : work(pool));
    } catch (error) {
      console.error(`job failed: ${error.message}`);
      // Postgres says no: asking again at once would only make it worse.
      await new Promise((again) => setTimeout(again, 500));
    }
  }
}

const running = Array.from({ length: settings.jobsAtOnce }, () => jobs());
const server = http.createServer((request, response) => response.end('ok'));
// A container is reached from outside: HOST=0.0.0.0 there.
server.listen(settings.port, process.env.HOST ?? '127.0.0.1');

process.once('SIGTERM', async () => {
  stopping = true;
  server.close();
  server.closeIdleConnections();
  await Promise.all(running);
  await pool.end();
});
