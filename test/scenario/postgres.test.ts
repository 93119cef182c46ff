import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { effectiveYaml } from '../../src/scenario/effective.ts';
import { loadScenario } from '../../src/scenario/load-scenario.ts';
import { problemsOf } from './problems.ts';

const env = {
  DATABASE_URL: 'postgres://app:s3cret%2Fword@127.0.0.1/shop',
  FAR: 'postgres://app:x@db.example/shop',
};

/** A scenario file with this in it; `postgres` begins at line 9. */
async function withPostgres(postgres: string, match = ''): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'poolproof-test-')), 'scenario.yaml');
  const text = `version: 1
name: where
contract:
  service: { name: api, max_instances: 2, container_concurrency: 8${match} }
  database: { app_pool_max: 4 }
target: { local: { command: [node, server.mjs] } }
traffic: { phases: [{ name: steady, duration: 1s, rate: 1/s }] }
requests: [{ name: read, get: / }]
${postgres}
`;
  await writeFile(file, text);
  return file;
}

const load = async (postgres: string, match?: string) =>
  loadScenario(await withPostgres(postgres, match), { env });

const wrong = async (postgres: string, match?: string) =>
  problemsOf(loadScenario(await withPostgres(postgres, match), { env }));

describe('where Postgres runs', () => {
  it('may be a container', async () => {
    const { postgres } = await load('postgres: { container: { image: "postgres:17", max_connections: 50 } }');
    expect(postgres).toEqual({ kind: 'container', image: 'postgres:17', maxConnections: 50 });
  });

  it("may be somebody's own server, and its role is the service's", async () => {
    const scenario = await load('postgres: { url: "${env:DATABASE_URL}", max_connections: 100 }');
    expect(scenario.postgres).toEqual({
      kind: 'url',
      maxConnections: 100,
      service: { host: '127.0.0.1', port: 5432, user: 'app', password: 's3cret/word', database: 'shop' },
      monitor: null,
      headroom: null,
      admin: null,
    });
    expect(scenario.contract.services[0].match).toEqual({ role: 'app' });
  });

  it('shows its passwords nowhere, however they are written', async () => {
    const inline = 'postgres: { url: "postgres://app:s3cret%2Fword@localhost/shop", max_connections: 100 }';
    const scenario = await load(inline);
    expect(scenario.secrets).toEqual(expect.arrayContaining(['s3cret/word', 's3cret%2Fword']));
    const shown = effectiveYaml(scenario);
    expect(shown).toContain('url: postgres://app@localhost:5432/shop');
    expect(shown).not.toMatch(/s3cret/);
  });

  it('is one place, and says what goes with it', async () => {
    expect(
      await wrong('postgres: { embedded: {}, url: "${env:DATABASE_URL}", max_connections: 9999 }'),
    ).toEqual([
      'scenario.yaml:9:11 postgres: embedded and url are two places to run (name one of embedded, container and url)',
    ]);
    expect(await wrong('postgres: { embedded: {}, monitor_url: x }')).toEqual([
      'scenario.yaml:9:27 postgres.monitor_url goes with postgres.url (write it under embedded)',
    ]);
    expect(await wrong('postgres: {}')).toEqual([
      'scenario.yaml:9:11 postgres: nothing says where it runs (name one of embedded, container and url)',
    ]);
  });

  it('needs the limit that the server is known to have', async () => {
    expect(await wrong('postgres: { url: "${env:DATABASE_URL}" }')).toEqual([
      'scenario.yaml:9:18 postgres.max_connections: missing: what the server of postgres.url is known to allow (poolproof doctor asks the server)',
    ]);
  });

  it('is elsewhere only when safety names the host', async () => {
    const far = 'postgres: { url: "${env:FAR}", max_connections: 100 }';
    expect(await wrong(far)).toEqual([
      'scenario.yaml:9:18 postgres.url is on db.example, which safety.allow_hosts does not list (safety: { allow_hosts: [127.0.0.1, db.example] } allows it)',
    ]);
    expect(await wrong(`${far}\nsafety: { allow_hosts: [127.0.0.1, db.example] }`)).toEqual([]);
  });

  it('keeps the harness out of the database of the service', async () => {
    const url = 'url: "${env:DATABASE_URL}", max_connections: 100';
    expect(await wrong(`postgres: { ${url}, monitor_url: "postgres://m@127.0.0.1/shop" }`)).toEqual([
      expect.stringContaining(`postgres.monitor_url names the service's database "shop"`),
    ]);
    const common = 'postgres: { url: "postgres://app@127.0.0.1/postgres", max_connections: 100 }';
    expect(await wrong(common)).toEqual([
      expect.stringContaining(
        'the service is in "postgres" itself, so monitor_url must name another database',
      ),
    ]);
    expect(await wrong(`postgres: { ${url}, admin_url: "postgres://m@127.0.0.1:5433/shop" }`)).toEqual([
      expect.stringContaining('postgres.admin_url is another server than postgres.url'),
    ]);
  });

  it('holds the contract to the role in the URL', async () => {
    const url = 'postgres: { url: "${env:DATABASE_URL}", max_connections: 100 }';
    expect(await wrong(url, ', match: { role: api }')).toEqual([
      'scenario.yaml:9:18 the contract knows api by the role "api", and postgres.url names "app"',
    ]);
    expect(await wrong(url, ', match: { role: app, database: shop }')).toEqual([]);
  });

  it.each([
    ['mysql://app@127.0.0.1/shop', 'expected postgres://user:password@host:port/database'],
    ['postgres://127.0.0.1/shop', 'the URL names no user'],
    ['postgres://app@127.0.0.1', 'the URL names no database'],
    ['postgres://app@127.0.0.1/shop?sslmode=prefer', 'sslmode=prefer is not one of disable, require'],
    ['postgres://app@127.0.0.1/shop?sslmode=verify-ca', 'requires specifying a CA with sslrootcert'],
    ['postgres://app@127.0.0.1/shop?sslmode=require&sslrootcert=/nowhere.pem', 'no such file'],
  ])('wants a URL that can be meant in one way only: %s', async (url, why) => {
    const [first, ...others] = await wrong(`postgres: { url: "${url}", max_connections: 100 }`);
    expect(first).toContain('scenario.yaml:9:18 postgres.url: ');
    expect(first).toContain(why);
    expect(others).toEqual([]);
  });
});
