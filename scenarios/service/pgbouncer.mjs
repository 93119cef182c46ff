// Starts PgBouncer as a sidecar: writes its configuration from the environment and runs it in the foreground.
// What one instance may hold at Postgres (DB_POOL_MAX) is its pool; who it pools for may be many more.
import { spawn, execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { env } = process;
const postgres = new URL(env.DATABASE_URL);
const user = decodeURIComponent(postgres.username);
const password = decodeURIComponent(postgres.password);
const database = decodeURIComponent(postgres.pathname.slice(1));

// The folders of those that were killed outright are still there: whoever comes next takes them away.
const leftBy = (name) => Number(/^pgbouncer-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
const isGone = (pid) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
};
for (const name of readdirSync(tmpdir()))
  if (isGone(leftBy(name))) {
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Somebody else's.
    }
  }

const folder = mkdtempSync(join(tmpdir(), `pgbouncer-${process.pid}-`));
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

// The statement timeout that clients ask for at their start can't be theirs: the session is not. It is the server's.
const statementTimeout = Number(env.DB_STATEMENT_TIMEOUT_MS ?? 5000);
const values = {
  HOST: postgres.hostname,
  PORT: postgres.port,
  DATABASE: database,
  LISTEN_PORT: env.LISTEN_PORT,
  FOLDER: folder,
  CONNECT_QUERY: `set statement_timeout = ${statementTimeout}`,
  POOL_SIZE: env.DB_POOL_MAX ?? '4',
  MAX_CLIENTS: env.MAX_CLIENT_CONN ?? '100',
  WAIT_SECONDS: env.QUERY_WAIT_TIMEOUT_S ?? '120',
  STATS_USER: env.STATS_USER,
};
const template = readFileSync(new URL('pgbouncer.ini', import.meta.url), 'utf8');
const config = join(folder, 'pgbouncer.ini');
const users = join(folder, 'users.txt');
writeFileSync(
  config,
  template.replace(/\$\{(\w+)\}/g, (_, name) => values[name]),
  { mode: 0o600 },
);
const logins = [
  [user, password],
  [env.STATS_USER, env.STATS_PASSWORD],
];
writeFileSync(users, logins.map((login) => `${login.map(quoted).join(' ')}\n`).join(''), { mode: 0o600 });

// It refuses to run as root, so that a root process hands it to nobody: and its files with it.
const isRoot = process.getuid() === 0;
if (isRoot) {
  const id = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  for (const path of [folder, config, users]) chownSync(path, id('-u'), id('-g'));
}
const pooler = spawn('pgbouncer', [...(isRoot ? ['-u', 'nobody'] : []), config], {
  stdio: 'inherit',
  env: { ...env, PATH: `${env.PATH}:/usr/sbin` },
});
pooler.once('error', (error) => {
  console.error(`pgbouncer: ${error.message}`);
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = 1;
});
pooler.once('exit', (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = code ?? 1;
});
// SIGINT lets transactions that have a server session finish; SIGTERM would cut them off.
process.once('SIGTERM', () => pooler.kill('SIGINT'));
