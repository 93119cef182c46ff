import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonSchemaOf } from '../../../src/base/json-schema.ts';
import { writeShape } from '../../../src/base/write-shape.ts';
import { parseYaml } from '../../../src/base/yaml.ts';
import { makePooler, poolerShape, writePooler } from '../../../src/scenario/postgres/pooler-codec.ts';
import type { PoolerTarget } from '../../../src/scenario/postgres/pooler-target.ts';
import { postgresShape, writePostgres } from '../../../src/scenario/postgres/postgres-codec.ts';
import type {
  CloudSqlLogin,
  DatabaseLogin,
  GivenRoles,
  PostgresTarget,
} from '../../../src/scenario/postgres/postgres-target.ts';
import { readPostgres } from '../../../src/scenario/postgres/read-postgres.ts';
import { undescribed } from '../../support/undescribed.ts';

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const maxConnections = fc.integer({ min: 10, max: 10_000 });

/** Passwords and certificates are in no file that is written. */
const login: fc.Arbitrary<DatabaseLogin> = fc.record({
  host: fc.constantFrom('127.0.0.1', 'db.example'),
  port: fc.integer({ min: 1, max: 65_535 }),
  user: fc.constantFrom('api', 'a b', 'ü/@:'),
  password: fc.constant(''),
  database: fc.constantFrom('orders', 'a b', 'ü'),
});
const cloudSqlLogin: fc.Arbitrary<CloudSqlLogin> = fc.record({
  user: word,
  password: fc.constant(''),
  database: word,
  auth: fc.constantFrom('password', 'iam'),
});

const logExport = fc.record({
  file: fc.constant('/log.json'),
  waitMs: fc.nat(1e9).map((us) => us / 1000),
});

function roles<L extends object>(one: fc.Arbitrary<L>): fc.Arbitrary<GivenRoles<L>> {
  return fc.record(
    {
      service: one,
      others: fc.dictionary(word, one, { maxKeys: 2, noNullPrototype: true }),
      monitor: fc.option(one),
      headroom: fc.option(one),
      neighbor: one,
      admin: fc.option(one),
      logExport,
    },
    { requiredKeys: ['service', 'others', 'monitor', 'headroom', 'admin'] },
  );
}

const kinds: Readonly<Record<PostgresTarget['kind'], fc.Arbitrary<PostgresTarget>>> = {
  embedded: fc.record({ kind: fc.constant('embedded'), maxConnections }),
  container: fc.record({ kind: fc.constant('container'), image: word, maxConnections }),
  url: fc
    .tuple(roles(login), maxConnections)
    .map(([given, limit]) => ({ kind: 'url', ...given, maxConnections: limit })),
  cloud_sql: fc
    .record(
      {
        kind: fc.constant('cloud_sql' as const),
        roles: roles(cloudSqlLogin),
        instance: fc.constant('project:region:orders'),
        ipType: fc.constantFrom('public', 'private', 'psc'),
        adminApi: fc.constant('https://sqladmin.example'),
        maxConnections,
      },
      { requiredKeys: ['kind', 'roles', 'instance', 'ipType', 'maxConnections'] },
    )
    .map(({ roles: given, ...more }) => ({ ...given, ...more })),
};

test.each(Object.entries(kinds))('postgres.%s reads back as the same', async (_kind, arbitrary) => {
  await fc.assert(
    fc.asyncProperty(arbitrary, fc.boolean(), async (given, hasSetup) => {
      const target = hasSetup ? { ...given, setupFile: '/setup.sql' } : given;
      const written: unknown = JSON.parse(JSON.stringify(writeShape(postgresShape, writePostgres(target))));
      const read = await readPostgres(postgresShape.parse(written), {
        source: parseYaml('', 'written.yaml'),
        resolve: (path) => path,
        cwd: '/here',
        allowHosts: [],
      });
      expect(read.target).toEqual(target);
    }),
    { numRuns: 50 },
  );
});

test('no password is written down', () => {
  const secret = { user: 'api', password: 'open sesame', database: 'orders' };
  const others = { others: {}, monitor: null, headroom: null, admin: null, maxConnections: 100 };
  const url = { kind: 'url', service: { ...secret, host: 'h', port: 1 }, ...others } as const;
  const instance = { kind: 'cloud_sql', instance: 'p:r:i', ipType: 'public', ...others } as const;
  const targets = [url, { ...instance, service: { ...secret, auth: 'password' as const } }];
  for (const target of targets)
    expect(JSON.stringify(writeShape(postgresShape, writePostgres(target)))).not.toContain('sesame');
});

const pooler: fc.Arbitrary<PoolerTarget> = fc.record({
  name: word,
  service: word,
  place: fc.oneof(
    fc.record({ kind: fc.constant('container' as const), container: word }),
    fc.record({
      kind: fc.constant('address' as const),
      host: word,
      port: fc.integer({ min: 1, max: 65_535 }),
    }),
  ),
  user: word,
  password: fc.constant('[redacted]'),
  clients: fc.option(fc.integer({ min: 1 })),
});

test('a pooler reads back as the same, but for its password', () => {
  fc.assert(
    fc.property(pooler, (given) => {
      const written: unknown = JSON.parse(JSON.stringify(writeShape(poolerShape, writePooler(given))));
      expect(makePooler(poolerShape.parse(written), 'another')).toEqual(given);
    }),
  );
});

test('a port may come as text, as from the environment', () => {
  const admin = { port: '6432', user: 'stats', password: '' };
  expect(poolerShape.parse({ name: 'p', admin }).admin.port).toBe(6432);
});

test('every key of postgres has a description and an example', () => {
  expect(undescribed(jsonSchemaOf(postgresShape))).toEqual([]);
});

test('every key of a pooler has a description and an example', () => {
  expect(undescribed(jsonSchemaOf(poolerShape))).toEqual([]);
});
