import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { until } from '../../support/until.ts';
import { app, leaveNothing, startInstance } from './instance-case.ts';

const sqlName = 'shop:europe-west1:main';

let guard: ProcessGuard;
let postgres: RunningPostgres;

beforeAll(async () => {
  guard = startProcessGuard();
  const server = makeEmbeddedServer({ maxConnections: 20, serviceRoles: ['api'], guard });
  postgres = await server.start(new AbortController().signal);
});

afterEach(leaveNothing);

afterAll(async () => {
  await postgres.stop();
  guard.dismiss();
});

const withSql = (env: Readonly<Record<string, string>> = {}) => ({
  containers: [
    {
      ...app,
      env: Object.entries({ SOCKET: `/cloudsql/${sqlName}`, ...env }).map(([name, value]) => ({
        name,
        value,
      })),
      volumeMounts: [{ name: 'sql', mountPath: '/cloudsql' }],
    },
  ],
  template: { volumes: [{ name: 'sql', cloudSqlInstance: { instances: [sqlName] } }] },
  service: { database: { ...postgres.service } },
});

test('an app reaches its database at the socket of /cloudsql, counted like any other session', async () => {
  const { instance, ready, call, events } = startInstance(withSql(), guard);
  expect(await ready).toBe('ready');
  const { SOCKET = '' } = (await call('/env')) as Record<string, string>;
  expect(await call(`/select?host=${SOCKET}`)).toMatchObject({ current_user: 'api', one: 1 });
  const linked = () => events.flatMap((event) => (event.kind === 'link' ? [event] : []));
  await until(() => linked().some(({ what }) => what === 'close'));
  expect(linked().map(({ what }) => what)).toEqual(['attempt', 'session', 'close']);
  expect(linked()[1]).toMatchObject({ role: 'api', application_name: `api-00001-abc/${instance.id}` });
});

test('psql finds the socket under its default port and under that of the environment', async () => {
  const { ready, call } = startInstance(withSql({ DB_HOST: `/cloudsql/${sqlName}` }), guard);
  await ready;
  const env = (await call('/env')) as Record<string, string>;
  const { PATH = '' } = process.env;
  const { DB_HOST = '', DB_PORT = '' } = env;
  // Not awaited in a blocking way: the link lives in this very process.
  const ask = async (port: string): Promise<string> => {
    const args = ['-XAt', '-h', DB_HOST, '-p', port, '-c', 'select current_user'];
    return (await promisify(execFile)('psql', args, { env: { ...env, PATH } })).stdout.trim();
  };
  expect(await ask('5432')).toBe('api');
  expect(await ask(DB_PORT)).toBe('api');
});

test('sessions that a killed instance leaves behind are recorded, its folder is gone', async () => {
  const { instance, ready, call, ended, events } = startInstance(withSql({ KEEP_SESSION: 'yes' }), guard);
  await ready;
  const { SOCKET = '' } = (await call('/env')) as Record<string, string>;
  await call(`/select?host=${SOCKET}`);
  await call(`/select?host=127.0.0.1`);
  instance.kill();
  await ended;
  const last = events.find((event) => event.kind === 'instance' && event.state === 'failed');
  expect(last).toMatchObject({ reason: 'KILLED', sessions_left: 2 });
  expect(existsSync(SOCKET)).toBe(false);
});

test('a socket whose path no system could take is refused with its length', async () => {
  const name = `shop:europe-west1:${'x'.repeat(90)}`;
  const { ready, problemOf } = startInstance(
    { ...withSql(), template: { volumes: [{ name: 'sql', cloudSqlInstance: { instances: [name] } }] } },
    guard,
  );
  const how = await ready;
  expect(how !== 'ready' && problemOf(how)).toMatch(/would have a path of \d{3} bytes; 106 are possible/);
});
