import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claimOf } from '../../src/contract/budget.ts';
import { loadContract } from '../../src/contract/load-contract.ts';
import { fixture, problemsOf } from '../scenario/problems.ts';
import { safeService } from './service.ts';

const file = (name: string) => fixture('contract', name);

test('the budget sketch is read word for word', async () => {
  const { services, headroom, assumed } = await loadContract(file('essay.yaml'));
  expect(services).toEqual([{ ...safeService, name: 'service', maxInstances: 8, containerConcurrency: 16 }]);
  expect(headroom).toEqual([
    { purpose: 'admin_and_migrations', slots: 10 },
    { purpose: 'other_services', slots: 20 },
  ]);
  expect(assumed).toEqual([
    'service.name',
    'service.min_instances',
    'service.background_sessions',
    'service.rollout_overlap',
    'service.acquire_timeout_ms',
    'service.statement_timeout_ms',
  ]);
});

test('the short form names a service and its numbers', async () => {
  const { services, assumed } = await loadContract(file('essay-bad.yaml'));
  expect(services).toEqual([{ ...safeService, maxInstances: 30, containerConcurrency: 80, poolMax: 10 }]);
  expect(claimOf(services[0])).toBe(300);
  expect(assumed).toContain('api.request_timeout_seconds');
});

test('several services share the headroom, and the pool settings that they do not declare themselves', async () => {
  const { services } = await loadContract(file('several-services.yaml'));
  expect(services).toMatchObject([
    { name: 'api', poolMax: 4, acquireTimeoutMs: 500, match: { role: 'api_app', database: 'shop' } },
    // 2 in its main pool, and two pools of one session beside it.
    { name: 'worker', poolMax: 4, workersPerInstance: 2, backgroundSessions: 3, statementTimeoutMs: 20_000 },
  ]);
  expect(services.map(claimOf)).toEqual([20, 19]);
  expect(services.map(({ idleTimeoutMs, maxLifetimeMs }) => [idleTimeoutMs, maxLifetimeMs])).toEqual([
    [undefined, undefined],
    [10_000, 1_800_000],
  ]);
});

test('a declared sum that the arithmetic contradicts is shown the whole sum', async () => {
  expect(await problemsOf(loadContract(file('contradiction.yaml')))).toEqual([
    'contradiction.yaml:11:35 budget.worst_case_service_connections: 32 is declared, but the sum is 64: api 8 instances x 2 workers x 4 sessions = 64',
    'contradiction.yaml:12:27 budget.total_planned_pressure: 62 is declared, but the sum is 94: api 8 instances x 2 workers x 4 sessions = 64, and 64 + (10 + 20) of headroom = 94',
  ]);
});

test('everything that is wrong with a file is said at once, from top to bottom', async () => {
  expect(await problemsOf(loadContract(file('wrong.yaml')))).toEqual([
    'wrong.yaml:3:3 unknown key "service.max_instance" (did you mean "max_instances"?)',
    'wrong.yaml:4:26 service.container_concurrency: expected a number, got "16"',
    'wrong.yaml:5:29 service.app_workers_per_instance: must be at least 1',
    'wrong.yaml:6:28 service.request_timeout_seconds: Cloud Run allows at most 3600',
    'wrong.yaml:7:1 unknown key "databse" (did you mean "database"?)',
    'wrong.yaml:10:23 database.acquire_timeout_ms: expected a whole number, got 1.5',
    'wrong.yaml:11:16 database.app_pool_min: expected a number, got nothing',
    'wrong.yaml:12:3 unknown key "database.replication" (known here: app_pool_max, app_pool_min, acquire_timeout_ms, statement_timeout_ms, idle_timeout_ms, max_lifetime_ms, second_pools, reserved_headroom_for_admin_and_migrations, reserved_headroom_for_other_services)',
    'wrong.yaml:13:9 budget: expected keys with values, got 62',
    'wrong.yaml:14:1 unknown key "worker" (known here: service, services, database, budget)',
  ]);
});

test('the width of a fleet and of a pool is never assumed', async () => {
  const problems = await problemsOf(loadContract(file('no-claim.yaml')));
  expect(problems).toHaveLength(2);
  expect(problems[0]).toMatch(/^no-claim.yaml:2:3 api: max_instances is missing/);
  expect(problems[1]).toMatch(/^no-claim.yaml:2:3 api: app_pool_max is missing/);
});

test.each([
  [
    'two services of one name',
    'services: [{ name: a, max_instances: 1 }, { name: a, max_instances: 1 }]\ndatabase: { app_pool_max: 1 }',
    '1:51 the service "a" is declared twice',
  ],
  [
    'both long forms',
    'service: { max_instances: 1 }\nservices: [{ name: a }]\ndatabase: { app_pool_max: 1 }',
    '2:1 "service" and "services" exclude each other',
  ],
  [
    'more instances at least than at most',
    'a: { max_instances: 1, min_instances: 2, app_pool_max: 1 }',
    '1:39 min_instances 2 is more than max_instances 1',
  ],
  [
    'a pool that keeps more than it may hold',
    'a: { max_instances: 1, app_pool_min: 3, app_pool_max: 2 }',
    '1:38 app_pool_min 3 is more than app_pool_max 2',
  ],
  [
    'a template',
    'service: { name: a, max_instances: 1, match: { role: "${env:ROLE}" } }\ndatabase: { app_pool_max: 1 }',
    '1:54 service.match.role: templates',
  ],
  ['nothing at all', '', '1:1 expected keys with values, got nothing'],
  ['a list', '- a', '1:1 expected keys with values, got a list'],
])('%s is refused', async (_, text, message) => {
  expect((await problemsOf(loadContract(await written(text))))[0]).toContain(`written.yaml:${message}`);
});

test('a file that is not there is said in one line', async () => {
  expect(await problemsOf(loadContract('/no/such/budget.yaml'))).toEqual([
    "can't read /no/such/budget.yaml: no such file",
  ]);
});

test('whatever stands in the file, the outcome is a contract or an InputError', async () => {
  const key = fc.constantFrom(
    'service',
    'services',
    'database',
    'budget',
    'spec',
    'kind',
    'api',
    'max_instances',
    'app_pool_max',
    'name',
    '__proto__',
    'template',
    'metadata',
    'containers',
    'env',
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 1, -1, 1e21, 'text', '5', '${x}'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        value.map((any) => JSON.stringify(any)),
        fc.string(),
      ),
      async (text) => {
        const path = await written(text);
        await loadContract(path).then(
          (contract) => expect(claimOf(contract.services[0])).toBeGreaterThan(0),
          (error: unknown) => expect(error).toHaveProperty('name', 'InputError'),
        );
      },
    ),
    { numRuns: 300 },
  );
});

const folder = mkdtemp(join(tmpdir(), 'poolproof-contract-'));

async function written(text: string): Promise<string> {
  const path = join(await folder, 'written.yaml');
  await writeFile(path, text);
  return path;
}
