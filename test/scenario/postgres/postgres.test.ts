import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { effectiveYaml } from '../../../src/scenario/effective.ts';
import { loadScenario } from '../../../src/scenario/load-scenario.ts';
import { problemsOf } from '../problems.ts';

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

/** The same with a second service; `postgres` begins at line 9 too. */
async function withTwo(postgres: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'poolproof-test-')), 'two.yaml');
  const text = `version: 1
name: where
contract:
  services:
    - { name: api, max_instances: 2, match: { role: app }, database: { app_pool_max: 4 } }
    - { name: worker, max_instances: 2, database: { app_pool_max: 4 } }
target: { local: { name: api, command: [node, a.mjs], others: [{ name: worker, command: [node, b.mjs] }] } }
traffic: { phases: [{ name: steady, duration: 1s, rate: 1/s }] }
requests: [{ name: read, get: / }]
${postgres}
`;
  await writeFile(file, text);
  return file;
}

const wrongOfTwo = async (postgres: string) => problemsOf(loadScenario(await withTwo(postgres), { env }));

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
      others: {},
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
      'scenario.yaml:9:11 postgres: embedded and url are two places to run (name one of embedded, container, url and cloud_sql)',
    ]);
    expect(await wrong('postgres: { embedded: {}, monitor_url: x }')).toEqual([
      'scenario.yaml:9:27 postgres.monitor_url goes with postgres.url (write it under embedded)',
    ]);
    expect(await wrong('postgres: {}')).toEqual([
      'scenario.yaml:9:11 postgres: nothing says where it runs (name one of embedded, container, url and cloud_sql)',
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

  it('lets a neighbour try only as somebody else, from where the monitor is', async () => {
    const url =
      'url: "${env:DATABASE_URL}", monitor_url: "postgres://m@127.0.0.1/watch", max_connections: 100';
    const as = (user: string, database: string) =>
      wrong(`postgres: { ${url}, neighbor_url: "postgres://${user}@127.0.0.1/${database}" }`);
    expect(await as('n', 'watch')).toEqual([]);
    expect(await as('n', 'shop')).toEqual([
      expect.stringContaining(
        'postgres.neighbor_url names "shop", and the monitor is in "watch": one for both',
      ),
    ]);
    expect(await as('app', 'watch')).toEqual([
      expect.stringContaining(`postgres.neighbor_url: "app" is a service's own role`),
    ]);
  });

  it('holds the contract to the role in the URL', async () => {
    const url = 'postgres: { url: "${env:DATABASE_URL}", max_connections: 100 }';
    expect(await wrong(url, ', match: { role: api }')).toEqual([
      'scenario.yaml:9:18 the contract knows api by the role "api", and postgres.url names "app"',
    ]);
    expect(await wrong(url, ', match: { role: app, database: shop }')).toEqual([]);
  });

  it('gives each of several services a login of its own', async () => {
    const given = (urls: string): string =>
      `postgres: { url: "\${env:DATABASE_URL}", max_connections: 100${urls} }`;
    expect(await wrongOfTwo(given(''))).toEqual([
      'two.yaml:10:18 postgres.url is one login, and worker runs here too (give it its own: postgres.urls: { worker: postgres://role:password@host/database })',
    ]);
    const worker = ', urls: { worker: "postgres://worker:pw1234@127.0.0.1/shop" }';
    const scenario = await loadScenario(await withTwo(given(worker)), { env });
    expect(scenario.contract.services.map(({ match }) => match.role)).toEqual(['app', 'worker']);
    expect(effectiveYaml(scenario)).toContain('worker: postgres://worker@127.0.0.1:5432/shop');
    expect(scenario.secrets).toContain('pw1234');
    expect(await wrongOfTwo(given(', urls: { worker: "postgres://app:x@127.0.0.1/shop" }'))).toEqual([
      expect.stringContaining('postgres.urls.worker: the role "app" is another service\'s too'),
      expect.stringContaining('the contract knows worker by the role "worker"'),
    ]);
    expect(
      await wrongOfTwo(given(`${worker.slice(0, -2)}, cron: "postgres://c@127.0.0.1:1/shop" }`)),
    ).toEqual([
      expect.stringContaining(
        'postgres.urls.cron: no service "cron" runs beside the driven one (these do: worker)',
      ),
      expect.stringContaining('postgres.urls.cron is another server than postgres.url'),
    ]);
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

describe('an instance of Cloud SQL', () => {
  const name = 'shop-1:europe-west1:orders';
  const allowed = `safety: { allow_hosts: [127.0.0.1, '${name}'] }`;
  const service = 'service: { user: app, password: s3cret/word, database: shop }';
  const given = (more: string, about = `instance: ${name}, ${service}`): string =>
    `postgres: { cloud_sql: { ${about}${more} }, max_connections: 100 }\n${allowed}`;

  it('is named by its connection name, each role by how it logs in', async () => {
    const scenario = await load(
      given(', ip_type: psc, admin: { user: boss@shop-1.iam, database: shop, auth: iam }'),
    );
    expect(scenario.postgres).toEqual({
      kind: 'cloud_sql',
      instance: name,
      ipType: 'psc',
      service: { user: 'app', password: 's3cret/word', database: 'shop', auth: 'password' },
      others: {},
      monitor: null,
      headroom: null,
      admin: { user: 'boss@shop-1.iam', password: '', database: 'shop', auth: 'iam' },
      maxConnections: 100,
    });
    expect(scenario.contract.services[0].match).toEqual({ role: 'app' });
    expect(scenario.secrets).toEqual(['s3cret/word']);
    const shown = effectiveYaml(scenario);
    expect(shown).toContain('instance: shop-1:europe-west1:orders');
    expect(shown).not.toMatch(/s3cret/);
  });

  it.each([
    ['its name', given('', `instance: orders, ${service}`), '"orders" is no connection name'],
    [
      'a password',
      given('', `instance: ${name}, service: { user: app, database: shop }`),
      'a password is missing',
    ],
    [
      'a token',
      given(', monitor: { user: m, password: x, database: w, auth: iam }'),
      'with IAM there is no password',
    ],
    [
      'the harness apart',
      given(', monitor: { user: m, password: x, database: shop }'),
      'it needs one that no service uses',
    ],
    ['an endpoint', given(', admin_api: nowhere'), 'postgres.cloud_sql.admin_api: "nowhere" is no URL'],
    [
      'its limit',
      given('').replace(', max_connections: 100', ''),
      'what the server of postgres.cloud_sql is known to allow',
    ],
    [
      'a word that allows it',
      given('').split('\n')[0] ?? '',
      `which safety.allow_hosts does not list (safety: { allow_hosts: [127.0.0.1, '${name}'] } allows it)`,
    ],
    [
      'nothing of a URL',
      given('').replace('max', 'urls: { a: b }, max'),
      'postgres.urls goes with postgres.url',
    ],
  ])('needs %s', async (_, postgres, why) => {
    expect(await wrong(postgres)).toEqual([expect.stringContaining(why)]);
  });

  it('that looks like production, or is denied, is refused by its name', async () => {
    const live = (safety: string): string =>
      `postgres: { cloud_sql: { instance: shop:eu:live-1, ${service} }, max_connections: 100 }\nsafety: { ${safety} }`;
    expect(await wrong(live('deny_hosts: [shop:eu:live-1]'))).toContainEqual(
      expect.stringContaining('which safety.deny_hosts forbids'),
    );
    expect(await wrong(live('allow_hosts: [127.0.0.1]'))).toContainEqual(
      expect.stringContaining('postgres.cloud_sql.instance looks like production: "shop:eu:live-1"'),
    );
    expect(await wrong(live("allow_hosts: [127.0.0.1, 'shop:eu:live-1']"))).toEqual([]);
  });

  it('may have its log in an export', async () => {
    const { postgres } = await load(given('').replace('max', 'log: { file: log.json, wait: 2m }, max'));
    expect(postgres).toMatchObject({
      logExport: { file: expect.stringMatching(/^\/.*\/log\.json$/) as string, waitMs: 120_000 },
    });
    expect(await wrong('postgres: { embedded: {}, log: { file: log.json } }')).toEqual([
      expect.stringContaining('postgres.log goes with postgres.url'),
    ]);
  });
});
