import { readFileSync, writeFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { makeRandom } from '../../../src/base/random.ts';
import { EnvironmentError } from '../../../src/base/errors.ts';
import type { LinkEvent } from '../../../src/evidence/event.ts';
import { startLink } from '../../../src/link/link.ts';
import { connect } from '../../../src/postgres/connect.ts';
import { disconnect } from '../../../src/postgres/disconnect.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { makeUrlServer } from '../../../src/postgres/url/url-server.ts';
import type { CloudSqlLogin, CloudSqlPostgres } from '../../../src/scenario/postgres/postgres-target.ts';
import { cloudSqlSetup, startCloudSql, type CloudSqlStand } from '../../support/cloud-sql.ts';
import { hasOwnPostgres, startOwnPostgres, type OwnPostgres } from '../../support/own-postgres.ts';
import { until } from '../../support/until.ts';

const suite = 'Cloud SQL, through the real connector';
const isThere = hasOwnPostgres(suite);

const iamUser = 'runner@orders-test.iam';

describe.runIf(isThere)(suite, () => {
  let own: OwnPostgres;
  let stand: CloudSqlStand;
  beforeAll(async () => {
    own = await startOwnPostgres({
      maxConnections: 30,
      setup: [...cloudSqlSetup, `create role "${iamUser}" login`],
    });
    // On Cloud SQL the certificate carries the token of such a role, and nobody is asked for a password.
    const hba = join(own.folder, 'data', 'pg_hba.conf');
    writeFileSync(hba, `host all "${iamUser}" 127.0.0.1/32 trust\n${readFileSync(hba, 'utf8')}`);
    await own.query('select pg_reload_conf()');
  });
  afterAll(() => own.stop());

  beforeEach(async () => {
    stand = await startCloudSql({ postgresPort: own.port, address: '127.0.0.77' });
    for (const [name, value] of Object.entries(stand.env)) vi.stubEnv(name, value);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    stand.stop();
  });

  const by = (user: string, database: string): CloudSqlLogin => ({
    user,
    password: own.password,
    database,
    auth: 'password',
  });

  const target = (change: Partial<CloudSqlPostgres> = {}): CloudSqlPostgres => ({
    kind: 'cloud_sql',
    instance: stand.instance,
    ipType: 'public',
    adminApi: stand.adminApi,
    maxConnections: 30,
    service: by('api', 'shop'),
    others: {},
    monitor: by('watcher', 'poolproof'),
    headroom: by('probe', 'poolproof'),
    admin: null,
    ...change,
  });

  const reach = async (change: Partial<CloudSqlPostgres> = {}): Promise<RunningPostgres> => {
    const running = await makeUrlServer(target(change)).start(new AbortController().signal);
    onTestFinished(() => running.stop());
    return running;
  };

  const problemOf = async (change: Partial<CloudSqlPostgres> = {}): Promise<string> => {
    const error = await reach(change).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EnvironmentError);
    return String(error);
  };

  it('every login goes by TLS through a port of loopback that is gone afterwards', async () => {
    const running = await reach();
    expect(running).toMatchObject({ kind: 'cloud_sql', disposable: false, limits: { maxConnections: 30 } });
    const { host, port } = running.service;
    expect(host).toBe('127.0.0.1');
    const before = stand.connections();
    const client = await connect(running.service, { timeoutMs: 5000 });
    const { rows } = await client.query<{ who: string }>('select current_user || $1 as who', ['!']);
    expect(rows).toEqual([{ who: 'api!' }]);
    expect(stand.connections()).toBe(before + 1);
    // The rows of a large answer come whole, whatever pieces they travel in.
    const large = await client.query<{ n: string }>(
      `select repeat('x', 1000) as n from generate_series(1, 5000)`,
    );
    expect(large.rows.length).toBe(5000);
    await disconnect(client);
    await running.stop();
    const socket = dial(port, host);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('ECONNREFUSED');
    expect(stand.calls.map(({ path }) => path.split('/').at(-1))).toEqual([
      'connectSettings',
      'shop:generateEphemeralCert',
    ]);
    expect(stand.calls.every(({ token }) => token === null)).toBe(true);
  });

  it('a link that stands before it counts sessions, and the refusal that Postgres means', async () => {
    const running = await reach();
    const events: LinkEvent[] = [];
    const link = await startLink({
      whose: { service: 'api', revision: 'api-1', instance: 'api-1-a' },
      upstream: running.service,
      clock: makeRunClock(),
      random: makeRandom(1, 'link'),
      onEvent: (event) => events.push(event),
    });
    onTestFinished(() => link.close());
    const through = { ...running.service, port: link.port };
    await own.query('alter role api connection limit 2');
    const clients = [
      await connect(through, { timeoutMs: 5000 }),
      await connect(through, { timeoutMs: 5000 }),
    ];
    await expect(connect(through, { timeoutMs: 5000 })).rejects.toMatchObject({ code: '53300' });
    expect(link.openSessions()).toBe(2);
    for (const client of clients) await disconnect(client);
    await until(() => link.openSessions() === 0);
    await own.query('alter role api connection limit -1');
    expect(events.filter(({ what }) => what === 'session').length).toBe(2);
    expect(events.filter(({ what }) => what === 'refused')).toMatchObject([{ sqlstate: '53300' }]);
    expect(new Set(events.map(({ port }) => port)).size).toBe(3);
  });

  it('an instance that cuts its connections cuts them here, and takes new ones', async () => {
    const running = await reach();
    const client = await connect(running.service, { timeoutMs: 5000 });
    const query = client.query('select pg_sleep(30)');
    stand.cut();
    await expect(query).rejects.toThrow();
    const again = await connect(running.service, { timeoutMs: 5000 });
    await disconnect(again);
  });

  it('a role of IAM brings a token in its certificate, and no password', async () => {
    const iam = { user: iamUser, password: '', database: 'shop', auth: 'iam' } as const;
    const running = await reach({ service: iam });
    const client = await connect(running.service, { timeoutMs: 5000 });
    const { rows } = await client.query<{ who: string }>('select current_user as who');
    expect(rows).toEqual([{ who: iamUser }]);
    await disconnect(client);
    expect(running.service.port).not.toBe(running.monitor.port);
    const tokens = stand.calls.filter(({ path }) => path.endsWith('Cert')).map(({ token }) => token);
    expect(tokens.sort()).toEqual([null, 'ya29.of-the-metadata-server'].sort());
  });

  it.each([
    [
      'the API says no',
      { status: 403, message: 'The client is not authorized (notAuthorized).' },
      'roles/cloudsql.client',
    ],
    [
      'there is no such instance',
      { status: 404, message: 'The Cloud SQL instance does not exist.' },
      'gcloud sql instances describe',
    ],
  ])('is one clear error where %s', async (_, trouble, hint) => {
    stand.trouble = trouble;
    const problem = await problemOf();
    expect(problem).toContain(
      `the Cloud SQL instance ${stand.instance} can't be reached: ${trouble.message}`,
    );
    expect(problem).toContain(hint);
  });

  it('is one clear error where its certificate, its address or a password is wrong', async () => {
    expect(await problemOf({ ipType: 'private' })).toContain(
      'ip_type names an address that the instance does not have',
    );
    const service = { ...by('api', 'shop'), password: 'wrong' };
    expect(await problemOf({ service })).toContain(
      `the service can't log in to Postgres at Cloud SQL ${stand.instance} as "api"`,
    );
    stand.shows('another');
    expect(await problemOf()).toContain('Certificate had CN orders-test:another, expected orders-test:shop');
  });
});
