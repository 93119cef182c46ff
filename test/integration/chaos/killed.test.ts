import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { freshFolder, startCli } from '../../support/cli.ts';
import { descendantsOf, waitUntilGone } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

const scenario = `version: 1
name: frozen
contract:
  service: { name: api, max_instances: 1, min_instances: 1, container_concurrency: 10, request_timeout_seconds: 5 }
  database: { app_pool_max: 2, acquire_timeout_ms: 1000, statement_timeout_ms: 2000 }
target:
  local: { command: [node, ${JSON.stringify(resolve('scenarios/service/server.mjs'))}] }
postgres:
  embedded: { max_connections: 30, setup: ${JSON.stringify(resolve('scenarios/service/schema.sql'))} }
traffic:
  phases: [{ name: baseline, duration: 20s, rate: 20/s }]
requests: [{ name: read, get: /orders/1 }]
chaos:
  - { at: 1s, do: db.freeze, with: { what: backends } }
  - { at: 1s, do: db.slow, with: { backends: 2 } }
`;

it('no backend is left over by a run that was killed while it had frozen some', async () => {
  const out = await freshFolder();
  const file = join(out, 'frozen.yaml');
  writeFileSync(file, scenario);
  const cli = startCli(['run', file, '-o', join(out, 'reports'), '--progress', 'none']);
  const told = (): string => {
    const reports = join(out, 'reports');
    const [name] = existsSync(reports) ? readdirSync(reports) : [];
    const events = join(reports, name ?? '', 'events.ndjson');
    return name !== undefined && existsSync(events) ? readFileSync(events, 'utf8') : '';
  };
  await until(() => told().split('"state":"confirmed"').length === 3 || cli.exitCode !== null, told);
  const processes = descendantsOf(cli.pid!);
  expect(processes.some(({ command }) => command.includes('postgres'))).toBe(true);
  cli.kill('SIGKILL');
  await cli;
  expect(await waitUntilGone(processes)).toEqual([]);
});
