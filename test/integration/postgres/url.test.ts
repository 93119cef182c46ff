import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeRunClock, wallMs } from '../../../src/base/clock.ts';
import { EnvironmentError } from '../../../src/base/errors.ts';
import type { LogEvent } from '../../../src/evidence/event.ts';
import { connect } from '../../../src/postgres/connect.ts';
import { readDatabaseUrl } from '../../../src/scenario/postgres/database-url.ts';
import type { DatabaseLogin, UrlPostgres } from '../../../src/scenario/postgres/postgres-target.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { followServerLog } from '../../../src/postgres/server-log.ts';
import { makeUrlServer } from '../../../src/postgres/url/url-server.ts';
import { describePostgresServer } from '../../cases/postgres-server.cases.ts';
import { observe } from '../../cases/observers.ts';
import { openSession, refusalOf } from '../../cases/pg-client.ts';
import { makeAuthority, makeCertificate } from '../../support/certificates.ts';
import {
  hasOwnPostgres,
  startOwnPostgres,
  type OwnPostgres,
  type OwnPostgresOptions,
} from '../../support/own-postgres.ts';
import { until } from '../../support/until.ts';

const suite = "somebody's own server";
const isThere = hasOwnPostgres(suite);

/** All that a server can tell. */
const talkative = {
  logging_collector: 'on',
  log_connections: 'on',
  log_disconnections: 'on',
  log_min_error_statement: 'panic',
  log_timezone: 'UTC',
};

const mayReadLog = `
  grant execute on function pg_current_logfile(text) to watcher;
  grant execute on function pg_read_binary_file(text, bigint, bigint, boolean) to watcher`;

function rolesFor(service: string): readonly string[] {
  return [
    `create role "${service}" login password :password`,
    `create database "${service}" owner "${service}"`,
    'create role watcher login replication password :password',
    'grant pg_monitor, pg_signal_backend to watcher',
    'create role probe login password :password',
    'create database poolproof',
    'revoke connect on database poolproof from public',
    'grant connect on database poolproof to watcher, probe',
  ];
}

function loginOf(url: string): DatabaseLogin {
  const read = readDatabaseUrl(url);
  if (!read.ok) throw new Error(read.why);
  return read.value;
}

function targetOf(own: OwnPostgres, service: string): UrlPostgres {
  return {
    kind: 'url',
    maxConnections: 100,
    service: loginOf(own.url(service, service)),
    others: {},
    monitor: loginOf(own.url('watcher', 'poolproof')),
    headroom: loginOf(own.url('probe', 'poolproof')),
    admin: null,
  };
}

async function start(options: OwnPostgresOptions = {}): Promise<OwnPostgres> {
  const own = await startOwnPostgres({ ...options, setup: [...rolesFor('api'), ...(options.setup ?? [])] });
  onTestFinished(() => own.stop());
  return own;
}

async function reach(target: UrlPostgres): Promise<RunningPostgres> {
  return makeUrlServer(target).start(new AbortController().signal);
}

if (isThere)
  describePostgresServer(
    suite,
    ({ maxConnections, serviceRoles: [service] }) => ({
      start: async (signal) => {
        const settings = { ...talkative, log_destination: 'jsonlog' };
        const own = await startOwnPostgres({ maxConnections, settings, setup: rolesFor(service) });
        await own.query(mayReadLog, 'poolproof');
        const running = await makeUrlServer(targetOf(own, service)).start(signal);
        return { ...running, stop: () => own.stop() };
      },
    }),
    [1],
  );

/** All that a stranger could have changed on a server. */
async function shapeOf(own: OwnPostgres): Promise<unknown> {
  return own.query(`select
    (select json_agg(r order by rolname) from (select rolname, rolconnlimit, rolcanlogin from pg_roles) r) as roles,
    (select json_agg(d order by datname) from (select datname, datacl::text from pg_database) d) as databases,
    (select json_agg(s::text) from pg_db_role_setting s) as settings,
    (select json_agg(name || setting order by name) from pg_settings where source = 'configuration file') as file`);
}

describe.runIf(isThere)(suite, () => {
  it('that gives nothing but a login is watched all the same, and nothing on it changes', async () => {
    const own = await start();
    const service = await openSession(loginOf(own.url('api', 'api')));
    onTestFinished(() => service.end());
    const neighbor = await openSession(loginOf(own.url('watcher', 'api')));
    onTestFinished(() => neighbor.end());
    const before = await shapeOf(own);
    const running = await reach({ ...targetOf(own, 'api'), monitor: null, headroom: null });
    expect(running).toMatchObject({
      disposable: false,
      ownSlots: 3,
      admin: null,
      log: null,
      processes: null,
    });
    expect(running.remarks?.join('\n')).toMatch(
      /states and ages .* unknown[^]*log can't be read: log_connections is off/,
    );

    const observers = await observe(running);
    await until(() => observers.soFar.samples.length > 5 && observers.soFar.canaries.length > 0);
    const seen = await observers.stop();
    const last = seen.rows.filter((row) => row.tUs === seen.samples.at(-1)?.t_us);
    // Two of them, one of the service's and one of nobody's: the harness's own are in a database apart.
    expect(last.map(({ service: whose, role, count }) => ({ whose, role, count }))).toEqual(
      expect.arrayContaining([
        { whose: 'orders', role: 'api', count: 1 },
        { whose: null, role: 'watcher', count: 1 },
      ]),
    );
    expect(seen.samples.at(-1)).toMatchObject({ ok: true, backends: 2 });
    expect(seen.canaries[0]).toMatchObject({ ok: true });
    await running.stop();
    expect(await shapeOf(own)).toEqual(before);
  });

  it('takes no slot for watching where the monitor may be a WAL sender', async () => {
    const own = await start();
    expect((await reach(targetOf(own, 'api'))).ownSlots).toBe(0);
    await own.query('alter role watcher noreplication');
    expect((await reach(targetOf(own, 'api'))).ownSlots).toBe(3);
  });

  it('is refused with words: a canary that would get a reserved slot, a password that is wrong', async () => {
    const own = await start();
    const target = targetOf(own, 'api');
    const superuser = loginOf(own.url('postgres', 'poolproof'));
    const privileged = await reach({ ...target, headroom: superuser }).catch((error: unknown) => error);
    expect(privileged).toBeInstanceOf(EnvironmentError);
    expect(String(privileged)).toContain('"postgres" may take reserved slots');
    const service = { ...target.service, password: 'not-this-one' };
    const wrong = await reach({ ...target, service }).catch((error: unknown) => error);
    expect(String(wrong)).toMatch(/the service can't log in to Postgres at .* as "api"/);
    expect(String(wrong)).not.toContain('not-this-one');
  });

  it('says the same in each form of its log, in a zone of its own, across a rotation', async () => {
    const settings = {
      ...talkative,
      log_destination: 'stderr,csvlog,jsonlog',
      log_timezone: 'Europe/Berlin',
      log_line_prefix: '%m [%p] %q%u@%d %r %e ',
      log_filename: 'server-%S%M.log',
    };
    const own = await start({ settings, maxConnections: 20 });
    await own.query(mayReadLog, 'poolproof');
    const running = await reach(targetOf(own, 'api'));
    expect(running.remarks).toEqual([]);
    expect(running.log).toMatchObject({ kind: 'sql', form: 'jsonlog', timeZone: 'Europe/Berlin' });

    const heard = { jsonlog: [] as LogEvent[], csvlog: [] as LogEvent[], stderr: [] as LogEvent[] };
    const forms = ['jsonlog', 'csvlog', 'stderr'] as const;
    const clock = makeRunClock();
    const logs = await Promise.all(
      forms.map((form) =>
        followServerLog({
          source: { ...running.log!, form },
          clock,
          serverClock: { offset_us: 0 },
          onEvent: (event) => heard[form].push(event),
        }),
      ),
    );
    await refusalOf({ ...running.service, password: 'wrong' });
    await (await openSession(running.service, 'a, "quoted" name')).end();
    await delay(1100);
    await own.query('select pg_rotate_logfile()');
    await delay(600);
    const client = await openSession(running.service);
    await client.query(`do $$ begin raise exception E'two\nlines, "quoted"'; end $$`).catch(() => undefined);
    await client.end();
    await until(() => forms.every((form) => heard[form].filter(isEndOf('api')).length === 2));
    await Promise.all(logs.map((log) => log.stop()));

    expect(logs.map((log) => log.gap())).toEqual([null, null, null]);
    const told = (form: (typeof forms)[number]): unknown =>
      heard[form]
        .filter(({ what, role }) => role === 'api' && what !== 'received')
        .map(({ t_us, what, severity, sqlstate, pid, port, role }) => ({
          t_us,
          what,
          severity,
          sqlstate,
          pid,
          port,
          role,
        }));
    expect(told('csvlog')).toEqual(told('jsonlog'));
    expect(told('stderr')).toEqual(told('jsonlog'));
    expect(heard.stderr.map(({ sqlstate }) => sqlstate)).toEqual(expect.arrayContaining(['28P01', 'P0001']));
    const [first] = heard.csvlog;
    expect(Math.abs((first?.t_us ?? 0) / 1000 - wallMs())).toBeLessThan(60_000);
  });

  it('speaks TLS as the URL says, and refuses who is not the one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tls-'));
    chmodSync(folder, 0o755);
    const authority = makeAuthority(folder, 'authority');
    const { cert, key } = makeCertificate(folder, 'localhost', authority);
    const other = makeAuthority(folder, 'other');
    giveToPostgres(key);
    const own = await start({ settings: { ssl: 'on', ssl_cert_file: cert, ssl_key_file: key } });
    const atName = (url: string, rest: string): DatabaseLogin =>
      loginOf(`${url.replace('127.0.0.1', 'localhost')}?${rest}`);
    const reached = (rest: string): Promise<RunningPostgres> =>
      reach({
        ...targetOf(own, 'api'),
        service: atName(own.url('api', 'api'), rest),
        monitor: atName(own.url('watcher', 'poolproof'), rest),
      });
    const running = await reached(`sslmode=verify-full&sslrootcert=${authority.cert}`);
    const session = await connect(running.service, { timeoutMs: 5000 });
    const { rows } = await session.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    await session.end();
    expect(rows).toEqual([{ ssl: 't' }]);
    await reached('sslmode=require');
    const fooled = await reached(`sslmode=verify-full&sslrootcert=${other.cert}`).catch(
      (error: unknown) => error,
    );
    expect(String(fooled)).toMatch(/can't log in .*certificate/);
  });
});

const isEndOf =
  (role: string) =>
  (event: LogEvent): boolean =>
    event.what === 'disconnected' && event.role === role;

/** A server reads a key that is root's only through its group. */
function giveToPostgres(key: string): void {
  if (process.getuid?.() !== 0) return;
  const group = Number(execFileSync('id', ['-g', 'postgres'], { encoding: 'utf8' }));
  chownSync(key, 0, group);
  chmodSync(key, 0o640);
}
