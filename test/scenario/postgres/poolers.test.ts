import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { effectiveYaml } from '../../../src/scenario/effective.ts';
import { loadScenario } from '../../../src/scenario/load-scenario.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { problemsOf } from '../problems.ts';
import { localOf } from '../local-of.ts';

const folder = mkdtemp(join(tmpdir(), 'poolproof-poolers-'));

/** A service with a sidecar of its own that is a process, and one that is an image. */
const resource = `{ template: { containers: [
  { name: web, ports: [{ containerPort: 8080 }], command: [node, web.mjs] },
  { name: pooler, command: [pgbouncer, x.ini] }, { name: boxed, image: pgbouncer:1 } ] } }`;

async function load(poolers: string, safety = '{}'): Promise<Scenario> {
  const path = join(await folder, 'written.yaml');
  const text = [
    'version: 1',
    'name: written',
    `poolers: ${poolers}`,
    `safety: ${safety}`,
    'contract: { api: { max_instances: 2, app_pool_max: 3 } }',
    'traffic: { phases: [{ name: idle, duration: 10s, rate: 1/s }] }',
    'requests: [{ name: home, get: / }]',
    `target: { local: { resource: ${resource} } }`,
  ];
  await writeFile(path, text.join('\n'));
  return loadScenario(path, { env: { PORT_OF_IT: '6432', SECRET: 'very-secret' } });
}

const problems = (poolers: string, safety?: string): Promise<readonly string[]> =>
  problemsOf(load(poolers, safety));
const login = 'user: stats, password: very-secret';

test('a pooler is a container of every instance, or stands by itself', async () => {
  const { poolers } = await load(
    `[{ name: beside, clients: 8, admin: { container: pooler, ${login} } }, { name: alone, admin: { port: '\${env:PORT_OF_IT}', ${login} } }]`,
  );
  const common = { service: 'api', user: 'stats', password: 'very-secret' };
  expect(poolers).toEqual([
    { ...common, name: 'beside', place: { kind: 'container', container: 'pooler' }, clients: 8 },
    { ...common, name: 'alone', place: { kind: 'address', host: '127.0.0.1', port: 6432 }, clients: null },
  ]);
});

test('its password shows nowhere, given as it is or through the environment', async () => {
  for (const password of ['very-secret', '"${env:SECRET}"']) {
    const scenario = await load(`[{ name: a, admin: { port: 6432, user: stats, password: ${password} } }]`);
    expect(scenario.secrets).toContain('very-secret');
    const yaml = effectiveYaml(scenario);
    expect(yaml).not.toContain('very-secret');
    expect(yaml).toContain('port: 6432');
  }
});

test('another machine has to be named, and what is denied stays denied', async () => {
  const there = `[{ name: a, admin: { host: db.example.com, port: 6432, ${login} } }]`;
  expect(await problems(there)).toEqual([
    'written.yaml:3:37 poolers.0.admin.host is not this machine: db.example.com (if this is meant, name the host: safety: { allow_hosts: [127.0.0.1, db.example.com] })',
  ]);
  expect(await problems(there, '{ allow_hosts: [127.0.0.1, db.example.com] }')).toEqual([]);
  expect(
    await problems(there, '{ allow_hosts: [127.0.0.1, db.example.com], deny_hosts: ["*.example.com"] }'),
  ).toEqual(['written.yaml:3:37 poolers.0.admin.host is db.example.com, which safety.deny_hosts forbids']);
});

test('a place that is none, twice, or out of reach is refused', async () => {
  const admin = (place: string): string => `[{ name: a, admin: { ${place} ${login} } }]`;
  expect(await problems(admin(''))).toEqual([expect.stringContaining('neither a container nor a port')]);
  expect(await problems(admin('container: pooler, port: 1,'))).toEqual([
    expect.stringContaining('both a container and an address'),
  ]);
  expect(await problems(admin('container: bouncer,'))).toEqual([
    expect.stringContaining('the service api has no container "bouncer"'),
  ]);
  expect(await problems(admin('container: boxed,'))).toEqual([
    expect.stringContaining('the container boxed runs in Docker'),
  ]);
  expect(await problems(admin('port: 70000,'))).toEqual([
    expect.stringContaining('must be between 1 and 65535'),
  ]);
});

test('poolers are told apart by their names, and belong to a service that runs', async () => {
  const one = (more: string): string => `{ name: a, ${more} admin: { port: 6432, ${login} } }`;
  expect(await problems(`[${one('')}, ${one('')}]`)).toEqual([
    expect.stringContaining('there are two poolers named a'),
  ]);
  expect(await problems(`[${one('service: worker,')}]`)).toEqual([
    expect.stringContaining('poolers.0.service: no service "worker" runs here (these do: api)'),
  ]);
});

test.each(['pooler.yaml', 'pooler-fan-out.yaml'])(
  '%s shows the pooler that its service has',
  async (name) => {
    const loaded = await loadScenario(`scenarios/${name}`, { env: {} });
    const { poolers } = loaded;
    const [service] = localOf(loaded).services;
    const text = await readFile('scenarios/budget-pooler.yaml', 'utf8');
    const perInstance = /app_pool_max: (\d+)/.exec(text)?.[1];
    const pooler = service.resource.template.containers?.find(({ name: one }) => one === 'pgbouncer');
    expect(pooler?.env?.find(({ name: one }) => one === 'DB_POOL_MAX')?.value).toBe(perInstance);
    const web = service.resource.template.containers?.find(({ name: one }) => one === 'api');
    const clients = web?.env?.find(({ name: one }) => one === 'DB_CLIENT_POOL_MAX')?.value;
    expect(poolers[0]?.clients).toBe(Number(clients));
  },
);
