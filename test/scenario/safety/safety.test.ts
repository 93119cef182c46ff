import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadScenario } from '../../../src/scenario/load-scenario.ts';
import { problemsOf } from '../problems.ts';

const folder = mkdtemp(join(tmpdir(), 'poolproof-safety-'));

interface Given {
  readonly postgres?: string;
  readonly chaos?: string;
  readonly safety?: string;
}

async function problems({ postgres = '{ embedded: {} }', chaos, safety }: Given): Promise<readonly string[]> {
  const path = join(await folder, 'written.yaml');
  const text = [
    'version: 1',
    'name: written',
    'contract: { api: { max_instances: 2, app_pool_max: 3 } }',
    'target: { local: { command: [node, x.mjs] } }',
    'traffic: { phases: [{ name: idle, duration: 10s, rate: 1/s }] }',
    'requests: [{ name: home, get: / }]',
    `postgres: ${postgres}`,
    ...(chaos === undefined ? [] : [`chaos: [{ at: 1s, do: ${chaos} }]`]),
    ...(safety === undefined ? [] : [`safety: ${safety}`]),
  ];
  await writeFile(path, text.join('\n'));
  return problemsOf(loadScenario(path, { env: {} }));
}

const url = (host: string, database = 'orders', more = ''): string =>
  `{ url: "postgres://api:pw@${host}/${database}", max_connections: 100${more} }`;
const admin = ', admin_url: "postgres://boss:pw@127.0.0.1/orders"';

test('on a server of our own, faults need no word; on another, each has to be named', async () => {
  const chaos = 'db.role_limit, with: { connections: 3 }';
  expect(await problems({ chaos })).toEqual([]);
  const postgres = url('127.0.0.1', 'orders', admin);
  expect(await problems({ chaos, postgres })).toEqual([
    'written.yaml:8:23 db.role_limit does harm on a server that poolproof did not start (safety: { allow_destructive: [db.role_limit] } allows it)',
  ]);
  const named = (name: string): Promise<readonly string[]> =>
    problems({ chaos, postgres, safety: `{ allow_destructive: [${name}] }` });
  expect(await named('db.role_limit')).toEqual([]);
  expect(await named('db.lock')).toHaveLength(1);
  expect((await named('db.role_limits')).at(-1)).toBe(
    'written.yaml:9:31 "db.role_limits" is no fault that does harm (did you mean "db.role_limit"?)',
  );
});

test('what could never be inflicted on the server is refused, whatever is allowed', async () => {
  const safety = '{ allow_destructive: [db.restart, db.role_limit] }';
  expect(
    await problems({
      chaos: 'db.restart, with: { mode: fast }',
      postgres: url('127.0.0.1', 'orders', admin),
      safety,
    }),
  ).toEqual([
    'written.yaml:8:23 db.restart needs the processes of the server, which are out of reach on postgres.url (use postgres.embedded or postgres.container)',
  ]);
  const chaos = 'db.role_limit, with: { connections: 3 }';
  expect(await problems({ chaos, postgres: url('127.0.0.1'), safety })).toEqual([
    'written.yaml:8:23 db.role_limit needs a role that may administer the server (name one as postgres.admin_url)',
  ]);
});

test('a command needs to be allowed, anywhere', async () => {
  const chaos = 'exec, with: { command: [touch, x] }';
  expect(await problems({ chaos })).toEqual([
    'written.yaml:8:23 exec runs a command of this machine, which nobody has allowed (safety: { allow_exec: true } allows it)',
  ]);
  expect(await problems({ chaos, safety: '{ allow_exec: true }' })).toEqual([]);
  const forTime = 'exec, for: 1s, with: { command: [touch, x] }';
  expect(await problems({ chaos: forTime, safety: '{ allow_exec: true }' })).toEqual([
    'written.yaml:8:29 chaos.0.for: nothing says how the command is undone (add "undo", a command, or leave "for" out)',
  ]);
});

test.each([
  ['db.prod.example.com', 'orders'],
  ['db-production.example.com', 'orders'],
  ['live-db', 'orders'],
  ['127.0.0.1', 'orders_prod'],
])('%s/%s looks like production: only its own name in allow_hosts lets it be', async (host, database) => {
  const postgres = url(host, database);
  expect((await problems({ postgres })).join('\n')).toContain('postgres.url looks like production');
  expect(await problems({ postgres, safety: `{ allow_hosts: [127.0.0.1, ${host}] }` })).toEqual([]);
});

test.each([
  ['127.0.0.1', 'product_catalogue'],
  ['127.0.0.1', 'delivery'],
  ['127.0.0.1', 'reproduce'],
])('%s/%s does not look like production', async (host, database) => {
  expect(await problems({ postgres: url(host, database) })).toEqual([]);
});

test.each(['db.example.com', '*.example.com', 'DB.Example.com'])(
  'deny_hosts: %s holds against everything else that is allowed',
  async (rule) => {
    const safety = `{ allow_hosts: [127.0.0.1, db.example.com], deny_hosts: ["${rule}"] }`;
    expect((await problems({ postgres: url('db.example.com'), safety })).join('\n')).toContain(
      'postgres.url is on db.example.com, which safety.deny_hosts forbids',
    );
  },
);

test('two faults that put back the same thing may not overlap', async () => {
  const rotation =
    'db.rotate_password, for: 5s }, { at: 3s, for: 5s, do: db.expire_credentials, with: { refresh_after: 1s }';
  expect((await problems({ chaos: rotation })).join('\n')).toContain('begins before chaos.0');
});

test('a server in a container has its processes in reach, and its limit for good', async () => {
  const postgres = '{ container: { image: "postgres:17" } }';
  expect(await problems({ postgres, chaos: 'db.restart, with: { mode: fast }' })).toEqual([]);
  expect(await problems({ postgres, chaos: 'db.freeze, with: { what: backends }' })).toEqual([]);
  expect(await problems({ postgres, chaos: 'db.max_connections, with: { value: 50 }' })).toEqual([
    expect.stringContaining('a server in a container has its max_connections for the whole run'),
  ]);
});
