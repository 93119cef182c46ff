import { expect, test } from 'vitest';
import { instanceEnv, withPort, type InstanceFacts } from '../../src/platform/local/instance-env.ts';

const facts: InstanceFacts = {
  service: 'api',
  revision: 'api-00001-abc',
  instance: 'i7',
  port: 21000,
  database: { host: '127.0.0.1', port: 40001, user: 'app', password: 'p@ss/w', database: 'shop' },
  declared: {},
  own: { PATH: '/bin', HOME: '/root', AWS_SECRET_ACCESS_KEY: 'x' },
};

test('hands on PATH and HOME, and nothing else of our own environment', () => {
  const env = instanceEnv(facts);
  expect(env).toMatchObject({ PATH: '/bin', HOME: '/root' });
  expect(env).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
});

test('keeps the promises of the container contract', () => {
  expect(instanceEnv(facts)).toMatchObject({
    PORT: '21000',
    K_SERVICE: 'api',
    K_REVISION: 'api-00001-abc',
    K_CONFIGURATION: 'api',
  });
});

test('names the link as the database in every usual way, whatever a production file declares', () => {
  const env = instanceEnv({ ...facts, declared: { DB_HOST: '10.0.0.3', LOG_LEVEL: 'debug' } });
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

test('tags sessions with revision and instance, unless the person chose a name', () => {
  expect(instanceEnv(facts)['PGAPPNAME']).toBe('api-00001-abc/i7');
  expect(instanceEnv({ ...facts, declared: { PGAPPNAME: 'mine' } })['PGAPPNAME']).toBe('mine');
  const long = instanceEnv({ ...facts, revision: 'x'.repeat(80) })['PGAPPNAME'];
  expect(long).toHaveLength(63);
  expect(long?.endsWith('/i7')).toBe(true);
});

test('puts the port into a command in every spelling, and only there', () => {
  expect(withPort(['serve', '-p', '$PORT', '--a=${PORT}', '${port}', '$(PORT)', '$PORTS'], 8123)).toEqual([
    'serve',
    '-p',
    '8123',
    '--a=8123',
    '8123',
    '8123',
    '$PORTS',
  ]);
});
