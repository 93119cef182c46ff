import { dirname, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadLocalService } from '../../../src/scenario/target/load-local-service.ts';
import { programsOf } from '../../../src/scenario/target/programs.ts';
import { fixture, problemsOf } from '../problems.ts';

const file = (name: string) => fixture('scenario', name);
const cwd = dirname(file('service-api.yaml'));

test('a service.yaml alone runs with what a command line adds to it', async () => {
  const { service, secrets, warnings } = await loadLocalService(file('service-api.yaml'), {
    cwd,
    command: ['gunicorn', 'app:app'],
    env: { LEVEL: 'debug' },
    containers: { pooler: { command: ['pgbouncer'], env: { LISTEN_PORT: '6432' } } },
    // Of the database's password the emulator has its own; the other is for some other service.
    secrets: { 'api-key': 'secrets/api-key', other: 'secrets/db-password' },
    startupDelayMs: 50,
  });
  expect(service).toMatchObject({
    name: 'api',
    cwd,
    startupDelayMs: 50,
    secretFiles: { 'api-key': resolve(cwd, 'secrets/api-key') },
    programs: {
      web: { kind: 'process', command: ['gunicorn', 'app:app'] },
      pooler: { kind: 'process', command: ['pgbouncer'] },
    },
  });
  expect(Object.keys(service.secretFiles)).toEqual(['api-key']);
  const [pooler, web] = service.resource.template.containers ?? [];
  expect(pooler?.env).toEqual([{ name: 'LISTEN_PORT', value: '6432' }]);
  expect(web?.env).toContainEqual({ name: 'LEVEL', value: 'debug' });
  // No contract: what service.yaml leaves open is the platform's to fill.
  expect(service.resource.template.scaling).toBeUndefined();
  expect(secrets).toEqual(['sk-0123456789', 'correct horse battery']);
  expect(warnings).toEqual([
    'autoscaling.knative.dev/target counts in the knative profile only',
    "PORT in service.yaml is replaced by the emulator's own",
    'the revision api-v1 does not exist here: its 10 % of the traffic go to the newest one, and its tag old is left out',
  ]);
});

test('a service.yaml that says what to run needs nothing else', async () => {
  const { service, warnings } = await loadLocalService(file('service-cron.yaml'), { cwd });
  expect(programsOf(service)).toEqual({
    app: { kind: 'process', command: ['node', 'cron.mjs', '--every', 'minute'] },
  });
  expect(warnings).toEqual([]);
});

test('everything that is wrong is said at once, what stands in the file with its place', async () => {
  const loading = loadLocalService(file('service-api.yaml'), {
    cwd,
    env: { PORT: '1' },
    containers: { poler: { image: 'x' } },
    secrets: { other: 'secrets/nothing' },
  });
  expect(await problemsOf(loading)).toEqual([
    'service-api.yaml:25:67 the secret "api-key" has no file here (name one under secrets: { api-key: ./path/to/its/value })',
    'service.yaml has no container "poler" (did you mean "pooler"?)',
    `can't read ${resolve(cwd, 'secrets/nothing')}: no such file`,
    'PORT is set by the emulator for every instance',
  ]);
});

test('without a database here, nothing stands in for what service.yaml says of one', async () => {
  const given = { cwd, hasDatabase: false, secrets: { 'api-key': 'secrets/api-key' } };
  const withUrl = { ...given, command: ['x'], env: { DATABASE_URL: 'postgres://elsewhere/' } };
  expect(await problemsOf(loadLocalService(file('service-api.yaml'), withUrl))).toEqual([
    expect.stringContaining('the secret "db-password" has no file here'),
  ]);
  const { service } = await loadLocalService(file('service-api.yaml'), {
    ...withUrl,
    secrets: { ...given.secrets, 'db-password': 'secrets/db-password' },
  });
  expect(service.resource.template.containers?.[1]?.env).toContainEqual({
    name: 'DATABASE_URL',
    value: 'postgres://elsewhere/',
  });
});

test('a file that is no service is refused', async () => {
  expect(await problemsOf(loadLocalService(file('budget.yaml'), { cwd }))).toEqual([
    'budget.yaml:1:1 this is no Cloud Run service.yaml: it has no "spec:" (a contract file goes under "contract:")',
  ]);
  expect(await problemsOf(loadLocalService('/no/such.yaml', { cwd }))).toEqual([
    "can't read /no/such.yaml: no such file",
  ]);
});
