import { expect, test } from 'vitest';
import { EnvironmentError } from '../../../src/base/errors.ts';
import { commandText, containerEnv } from '../../../src/platform/local/instance/container-env.ts';
import type { ContainerFacts } from '../../../src/platform/local/instance/container-facts.ts';

const facts: ContainerFacts = {
  service: 'api',
  revision: 'api-00001-abc',
  instance: 'i7',
  container: 'app',
  ingress: true,
  ports: { app: 21000, pgbouncer: 21001 },
  database: { host: '127.0.0.1', port: 40001, user: 'app', password: 'p@ss/w', database: 'shop' },
  metadataHost: '127.0.0.1:30001',
  declared: [],
  secrets: new Map(),
  volumes: [],
  own: { PATH: '/bin', HOME: '/root', AWS_SECRET_ACCESS_KEY: 'x' },
};

function envOf(declared: Readonly<Record<string, string>>, more: Partial<ContainerFacts> = {}) {
  const specs = Object.entries(declared).map(([name, value]) => ({ name, value }));
  return containerEnv({ ...facts, declared: specs, ...more });
}

test('hands on PATH and HOME, and nothing else of our own environment', () => {
  expect(envOf({})).toMatchObject({ PATH: '/bin', HOME: '/root' });
  expect(envOf({})).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
});

test('keeps the promises of the container contract; only the ingress container has PORT', () => {
  const promised = { K_SERVICE: 'api', K_REVISION: 'api-00001-abc', K_CONFIGURATION: 'api' };
  expect(envOf({})).toMatchObject({ ...promised, PORT: '21000', GCE_METADATA_HOST: '127.0.0.1:30001' });
  const sidecar = envOf({}, { ingress: false, container: 'pgbouncer' });
  expect(sidecar).toMatchObject(promised);
  expect(sidecar).not.toHaveProperty('PORT');
});

test('names the link as the database in every usual way, whatever a production file declares', () => {
  const env = envOf({
    DB_HOST: '10.0.0.3',
    DATABASE_URL: 'postgres://app:$(DB_PASSWORD)@10.0.0.3/shop',
    LOG_LEVEL: 'debug',
  });
  expect(new URL(env['DATABASE_URL'] ?? '')).toMatchObject({
    hostname: '127.0.0.1',
    port: '40001',
    username: 'app',
    password: 'p%40ss%2Fw',
    pathname: '/shop',
  });
  expect(env).toMatchObject({
    PGHOST: '127.0.0.1',
    PGPORT: '40001',
    PGPASSWORD: 'p@ss/w',
    DB_HOST: '127.0.0.1',
    DB_NAME: 'shop',
    LOG_LEVEL: 'debug',
  });
});

test('a service without a database here keeps the names that it declares', () => {
  const env = envOf({ DB_HOST: '10.0.0.3' }, { database: null });
  expect(env['DB_HOST']).toBe('10.0.0.3');
  expect(env).not.toHaveProperty('DATABASE_URL');
});

test('an app that is sent to its sidecar goes there, host and port together', () => {
  expect(envOf({ DB_HOST: 'localhost', DB_PORT: '${port:pgbouncer}' })).toMatchObject({
    DB_HOST: 'localhost',
    DB_PORT: '21001',
    DB_USER: 'app',
    PGPORT: '40001',
  });
  const url = 'postgres://$(DB_USER)@127.0.0.1:${port:pgbouncer}/$(DB_NAME)';
  expect(envOf({ DATABASE_URL: url })['DATABASE_URL']).toBe('postgres://app@127.0.0.1:21001/shop');
  expect(envOf({ DATABASE_URL: 'host=$(DB_HOST) port=$(DB_PORT)' })['DATABASE_URL']).toBe(
    'host=127.0.0.1 port=40001',
  );
  // The other name of a port does not free the host.
  expect(envOf({ PGHOST: 'db.example.com', DB_PORT: '${port:pgbouncer}' })['PGHOST']).toBe('127.0.0.1');
});

test('a host that is a socket in a mounted volume wins, as the place where the volume is', () => {
  const volumes = [{ mounted: '/cloudsql', local: '/tmp/pp-x/cloudsql' }];
  const declared = { DB_HOST: '/cloudsql/p:r:i', SOCKET: 'host=/cloudsql/p:r:i dbname=shop' };
  expect(envOf(declared, { volumes })).toMatchObject({
    DB_HOST: '/tmp/pp-x/cloudsql/p:r:i',
    SOCKET: 'host=/tmp/pp-x/cloudsql/p:r:i dbname=shop',
  });
  expect(envOf(declared)['DB_HOST']).toBe('127.0.0.1');
});

test('variables refer to each other in any order; what refers to itself means the given value', () => {
  const env = envOf({ B: '<$(A)>', A: '$(DB_NAME)', PATH: '/opt/bin:$(PATH)', X: '$(Y)', Y: '$(X)' });
  expect(env).toMatchObject({ A: 'shop', B: '<shop>', PATH: '/opt/bin:/bin', X: '$(X)' });
});

test('tags sessions with revision and instance, unless the person chose a name', () => {
  expect(envOf({})['PGAPPNAME']).toBe('api-00001-abc/i7');
  expect(envOf({ PGAPPNAME: 'mine' })['PGAPPNAME']).toBe('mine');
  const long = envOf({}, { revision: 'x'.repeat(80) })['PGAPPNAME'];
  expect(long).toHaveLength(63);
  expect(long?.endsWith('/i7')).toBe(true);
});

test('a secret is taken word for word; a missing one is named with the key to declare it', () => {
  const declared = [{ name: 'KEY', secret: 'api-key' }];
  const env = containerEnv({ ...facts, declared, secrets: new Map([['api-key', '$(DB_NAME)$PORT']]) });
  expect(env['KEY']).toBe('$(DB_NAME)$PORT');
  const missing = (): unknown => containerEnv({ ...facts, declared });
  expect(missing).toThrow(EnvironmentError);
  expect(missing).toThrow(/secret api-key.*KEY of container app.*secrets: \{ api-key: /s);
});

test('a secret that the platform has its own value for needs no file', () => {
  const env = containerEnv({ ...facts, declared: [{ name: 'DB_PASSWORD', secret: 'db-password' }] });
  expect(env['DB_PASSWORD']).toBe('p@ss/w');
});

test('a command may name ports, variables and mounted paths', () => {
  const env = envOf({ MODE: 'fast' });
  const volumes = [{ mounted: '/opt/keys', local: '/tmp/pp-x/v0' }];
  const text = '--port=$PORT --db=$(DB_PORT) --pool=${port:pgbouncer} --mode=$(MODE) --key=/opt/keys/tls.key';
  expect(commandText(text, { ...facts, volumes }, env)).toBe(
    '--port=21000 --db=40001 --pool=21001 --mode=fast --key=/tmp/pp-x/v0/tls.key',
  );
});
