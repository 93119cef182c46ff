// Everything that the contract promises reaches the service as an environment variable, named as in its service.yaml.
const number = (name, fallback) => Number(process.env[name] ?? fallback);

export const settings = {
  port: number('PORT', 8080),
  poolMax: number('DB_POOL_MAX', 4),
  acquireTimeoutMs: number('DB_POOL_ACQUIRE_TIMEOUT_MS', 1000),
  statementTimeoutMs: number('DB_STATEMENT_TIMEOUT_MS', 1500),
  /** With the wait for a session before it, still within the acquire timeout. */
  lockTimeoutMs: number('DB_LOCK_TIMEOUT_MS', 300),
  /** An idle session is given back to the server after this. */
  idleTimeoutMs: number('DB_POOL_IDLE_TIMEOUT_MS', 2000),
  /** How long the work route keeps the database busy; slept there, so that it costs no CPU here. */
  workMs: number('WORK_MS', 100),
  /** How long somebody else's API takes to answer. */
  callMs: number('CALL_MS', 50),
};
