import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { effectiveYaml } from '../../src/scenario/effective.ts';
import { loadScenario } from '../../src/scenario/load-scenario.ts';
import { problemsOf } from './problems.ts';

const one = '[{ name: api, max_instances: 2 }]';
const postgres = 'postgres: { url: "postgres://app@127.0.0.1:5432/app", max_connections: 50 }';

/** A scenario with this target, and these lines at its end. */
async function written(
  target: string,
  lines: readonly string[] = [postgres],
  services = one,
): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'poolproof-test-')), 'url.yaml');
  const text = [
    'version: 1',
    'name: url',
    `contract: { services: ${services}, database: { app_pool_max: 4 } }`,
    `target: { ${target} }`,
    'traffic: { phases: [{ name: a, duration: 1s, rate: 1/s }] }',
    'requests: [{ name: read, get: / }]',
    ...lines,
    '',
  ].join('\n');
  await writeFile(path, text);
  return path;
}

const load = async (...given: Parameters<typeof written>) =>
  loadScenario(await written(...given), { env: {} });

test('a service at an address has the name of its line in the contract, and the role of the database URL', async () => {
  const { target, contract } = await load('url: "http://127.0.0.1:8080/"');
  expect(target).toEqual({
    kind: 'url',
    service: 'api',
    services: [{ name: 'api' }],
    url: 'http://127.0.0.1:8080',
  });
  expect(contract.services[0].match.role).toBe('app');
});

test('of several services the one at the address is named', async () => {
  const two = '[{ name: api, max_instances: 2 }, { name: web, max_instances: 1 }]';
  const { target } = await load('url: "http://127.0.0.1:8080", name: web', [postgres], two);
  expect(target.service).toBe('web');
  expect(await problemsOf(load('url: "http://127.0.0.1:8080"', [postgres], two))).toEqual([
    expect.stringContaining(
      '4:9 the contract has 2 services, and nothing says which one runs here (name one with target.name: api, web)',
    ),
  ]);
});

test('what a run really did says the address too', async () => {
  const scenario = await load('url: "https://localhost:8443"');
  expect(effectiveYaml(scenario)).toContain('target:\n  url: https://localhost:8443\n  name: api\n');
});

const url = 'url: "http://127.0.0.1:8080"';

test.each([
  [`${url}, local: { command: [x] }`, ['4:9 target: local and url are two places to run']],
  ['name: api', ['4:9 target: nothing says where the service runs (name one of local and url)']],
  ['local: { command: [x] }, name: api', ['target.name goes with target.url (use target.local.name)']],
  ['url: "127.0.0.1:8080"', ['target.url: expected an address such as http://127.0.0.1:8080']],
  ['url: "http://127.0.0.1:8080/api"', ['target.url: paths stand in requests']],
  ['url: "http://me:secret@127.0.0.1:8080"', ['target.url: a user and a password are not sent']],
  [
    'url: "https://api.example.com"',
    [
      '4:16 target.url is on api.example.com, which safety.allow_hosts does not list (if this is meant, name the host',
    ],
  ],
])('target: { %s } is refused', async (target, messages) => {
  const problems = await problemsOf(load(target));
  for (const [index, message] of messages.entries()) expect(problems[index]).toContain(message);
  expect(problems).toHaveLength(messages.length);
});

test('a host is driven once it is named, and never one that is denied', async () => {
  const target = 'url: "https://api.example.com"';
  const { safety } = await load(target, [postgres, 'safety: { allow_hosts: [api.example.com] }']);
  expect(safety.allowHosts).toEqual(['api.example.com']);
  const denied = 'safety: { allow_hosts: [api.example.com], deny_hosts: ["*.example.com"] }';
  expect(await problemsOf(load(target, [postgres, denied]))).toEqual([
    expect.stringContaining('target.url is on api.example.com, which safety.deny_hosts forbids'),
  ]);
});

test.each([[[]], [['postgres: { embedded: {} }']], [['postgres: { container: { image: postgres:18 } }']]])(
  'a Postgres that is started for the run is not the one that the service has: %s',
  async (lines) => {
    expect(await problemsOf(load(url, lines))).toEqual([
      expect.stringMatching(
        /the service there has its own Postgres, and nothing says where that is \(name it as postgres.url or postgres.cloud_sql\)/,
      ),
    ]);
  },
);

test('what needs the platform is refused where it stands', async () => {
  const lines = [
    postgres,
    'chaos: [{ at: 0s, do: instance.kill, with: { count: 1 } }, { at: 0s, do: db.latency, with: { delay: 10ms } }]',
    'leak_probe: { request: read, hold: 1s }',
    'poolers: [{ name: bouncer, admin: { container: pgbouncer, user: stats, password: x } }]',
  ];
  const problems = await problemsOf(load(url, lines));
  expect(problems).toEqual([
    expect.stringContaining('8:23 instance.kill needs the platform that the service runs on'),
    expect.stringContaining('db.latency needs the platform'),
    expect.stringContaining('leak_probe: how many instances there are is not known at target.url'),
    expect.stringContaining(
      'no container "pgbouncer" is within reach at target.url (give "host" and "port")',
    ),
  ]);
});
