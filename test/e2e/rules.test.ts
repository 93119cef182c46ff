import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Summary } from '../../src/verdict/summary/summary.ts';
import { freshFolder, onlyRunFolder, runCli } from '../support/cli.ts';

const text = `version: 1
name: rules
contract:
  service: { name: api, max_instances: 2, container_concurrency: 10, request_timeout_seconds: 5 }
  database: { app_pool_max: 4, acquire_timeout_ms: 1000, statement_timeout_ms: 2000, reserved_headroom_for_admin_and_migrations: 5 }
target:
  local: { command: [node, ${JSON.stringify(resolve('scenarios/service/server.mjs'))}] }
postgres:
  embedded: { max_connections: 30, setup: ${JSON.stringify(resolve('scenarios/service/schema.sql'))} }
traffic:
  phases:
    - { name: baseline, duration: 60s, rate: 30/s }
requests:
  - { name: read, get: /orders/1 }
assertions:
  - max(db.sessions) <= 8
  - { expr: count(http.attempts) <= 5, severity: soft, because: it was promised }
abort:
  - { when: 'count(http.attempts{outcome=ok}) > 10 in baseline for 2s', because: it works }
`;

function summaryIn(folder: string): Summary {
  return JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
}

const own = ({ bounds }: Summary): readonly (readonly [string, string, string])[] =>
  bounds.filter(({ id }) => id.startsWith('A')).map(({ id, status, severity }) => [id, status, severity]);

test('a run is ended by its own rule, and judged again by others', async () => {
  const folder = await freshFolder();
  const file = join(folder, 'rules.yaml');
  writeFileSync(file, text);
  const out = await freshFolder();
  const end = await runCli(['run', file, '--out', out, '--progress', 'none']);
  const run = onlyRunFolder(out);
  const first = summaryIn(run);
  expect(end.stdout).toMatch(
    /^ABORTED rules: .*count\(http\.attempts\{outcome=ok\}\) > 10 in baseline for 2s/,
  );
  expect(end.exitCode).toBe(4);
  expect(end.stdout).toContain('it works');
  expect(first.ended.how).toBe('aborted');
  // What did not come to its end proves nothing; what was broken is broken.
  expect(own(first)).toEqual([
    ['A01', 'INCONCLUSIVE', 'hard'],
    ['A02', 'FAIL', 'soft'],
  ]);
  expect(readFileSync(join(run, 'junit.xml'), 'utf8')).toContain('A01 max(db.sessions) &lt;= 8');
  expect(readFileSync(join(run, 'effective.yaml'), 'utf8')).toContain('count(http.attempts) <= 5');

  const others = join(folder, 'others.yaml');
  writeFileSync(others, 'assertions: ["max(db.sessions) <= 0"]\nlimits: { acquire_timeout: 500ms }\n');
  const again = await runCli(['judge', run, '--with', others]);
  const second = summaryIn(run);
  expect(again.stdout.replaceAll(/\s+/g, ' ')).toContain('not by what the run was made with');
  expect(own(second)).toEqual([['A01', 'FAIL', 'hard']]);
  expect(second.judged_by).toEqual({ contract: null, rules: others });
  expect(second.headline).toContain('A01');

  const back = await runCli(['judge', run]);
  expect(back.exitCode).toBe(4);
  expect(summaryIn(run)).toEqual(first);
});
