import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freshFolder } from './cli.ts';

/** Writes a small scenario against the reference service, of one phase; returns its file. */
export async function smallScenario(
  duration = '20s',
  change: (text: string) => string = (text) => text,
): Promise<string> {
  const text = `version: 1
name: small
seed: 7
contract:
  service: { name: api, max_instances: 2, container_concurrency: 10, request_timeout_seconds: 5 }
  database: { app_pool_max: 4, acquire_timeout_ms: 1000, statement_timeout_ms: 2000, reserved_headroom_for_admin_and_migrations: 5 }
target:
  local: { command: [node, ${JSON.stringify(resolve('scenarios/service/server.mjs'))}] }
postgres:
  embedded: { max_connections: 30, setup: ${JSON.stringify(resolve('scenarios/service/schema.sql'))} }
traffic:
  phases:
    - { name: baseline, duration: ${duration}, rate: 30/s }
requests:
  - { name: read, get: /orders/1 }
`;
  const file = join(await freshFolder(), 'small.yaml');
  writeFileSync(file, change(text));
  return file;
}
