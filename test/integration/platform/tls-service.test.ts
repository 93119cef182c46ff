import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import type { LinkEvent, LogEvent, RunEvent } from '../../../src/evidence/event.ts';
import { makeLocalPlatform, type RunningLocalService } from '../../../src/platform/local/local-platform.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { followServerLog, type RunningServerLog } from '../../../src/postgres/server-log.ts';
import { loadLocalService } from '../../../src/scenario/target/load-local-service.ts';
import { untilLogIsRead } from '../../cases/log-barrier.ts';
import { makeAuthority, makeCertificate, type Certificate } from '../../support/certificates.ts';
import { hasPrograms } from '../../support/has-programs.ts';
import { descendantsOf, waitUntilGone } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

const suite = 'a service that connects with client certificates (sslmode=verify-ca)';
const fixtures = new URL('../../fixtures/platform/', import.meta.url).pathname;
const role = 'authenticator';
const clock = makeRunClock();
const logged: LogEvent[] = [];
const ownTmpdir = process.env['TMPDIR'];

let guard: ProcessGuard;
let postgres: RunningPostgres;
let log: RunningServerLog;
let folder: string;
let platform: RunningLocalService | null = null;
let events: RunEvent[] = [];
let authority: Certificate;
let stranger: Certificate;
let client: Certificate;

describe.skipIf(!hasPrograms(suite, ['psql', 'openssl']))(suite, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'poolproof-tls-'));
    authority = makeAuthority(folder, 'authority');
    stranger = makeAuthority(folder, 'stranger');
    client = makeCertificate(folder, role, authority);
    guard = startProcessGuard();
    const server = makeEmbeddedServer({ maxConnections: 20, serviceRoles: ['postgrest'], guard });
    postgres = await server.start(new AbortController().signal);
    await switchTlsOn(makeCertificate(folder, 'database', authority));
    log = await followServerLog({
      source: postgres.log!,
      clock,
      serverClock: { offset_us: 0 },
      onEvent: (event) => logged.push(event),
    });
    process.env['TMPDIR'] = join(folder, 'tmp');
    mkdirSync(join(folder, 'tmp'));
  });

  afterEach(async () => {
    await platform?.stop(1000);
    platform = null;
  });

  afterAll(async () => {
    if (ownTmpdir === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = ownTmpdir;
    await log.stop();
    await postgres.stop();
    guard.dismiss();
    rmSync(folder, { recursive: true });
  });

  test('runs through the link with TLS passed through, its connections counted as the server log has them', async () => {
    const call = await startService(authority.cert);
    for (let round = 0; round < 2; round += 1) {
      const answers = await Promise.all(Array.from({ length: 3 }, call));
      for (const { status, text } of answers) {
        expect(status, text).toBe(200);
        expect(JSON.parse(text)).toEqual({ role, ssl: true, subject: `/CN=${role}` });
      }
    }
    await settle();
    expect(portsOf('attempt')).toHaveLength(6);
    expect(logPorts('disconnected')).toEqual(portsOf('attempt'));
    expectTlsCounts();
    await expectNothingLeft();
  });

  test('is refused by libpq itself when the certificate of the authority is another one', async () => {
    const call = await startService(stranger.cert);
    const { status, text } = await call();
    expect(status).toBe(502);
    expect(text).toMatch(/SSL error: certificate verify failed/);
    await settle();
    expect(portsOf('attempt')).toHaveLength(1);
    expect(logPorts('disconnected')).toEqual([]);
    expectTlsCounts();
    await expectNothingLeft();
  });

  test('is refused by the server when it brings no certificate that it accepts', async () => {
    const call = await startService(authority.cert, makeCertificate(folder, 'somebody', authority));
    const { status, text } = await call();
    expect(status).toBe(502);
    expect(text).toMatch(/certificate authentication failed for user "authenticator"/);
    await settle();
    expect(portsOf('attempt')).toHaveLength(1);
    // The link can't read what is said under TLS: this refusal comes from the log alone.
    expect(
      logged.filter(({ sqlstate, port }) => sqlstate === '28000' && port === portsOf('attempt')[0]),
    ).toHaveLength(1);
    expectTlsCounts();
    await expectNothingLeft();
  });
});

/** As superuser, in SQL; the role may come with a certificate of its name and in no other way. */
async function switchTlsOn({ cert, key }: Certificate): Promise<void> {
  const superuser = new pg.Client(postgres.monitor);
  await superuser.connect();
  const { rows } = await superuser.query<{ hba_file: string }>('show hba_file');
  const hbaFile = rows[0]!.hba_file;
  giveToServer([cert, key, authority.cert], hbaFile);
  writeFileSync(hbaFile, `hostssl all ${role} 127.0.0.1/32 cert\n${readFileSync(hbaFile, 'utf8')}`);
  await superuser.query(`create role ${role} login`);
  await superuser.query(`grant connect on database postgrest to ${role}`);
  await superuser.query(`alter system set ssl_cert_file = '${cert}'`);
  await superuser.query(`alter system set ssl_key_file = '${key}'`);
  await superuser.query(`alter system set ssl_ca_file = '${authority.cert}'`);
  await superuser.query('alter system set ssl = on');
  await superuser.query('select pg_reload_conf()');
  await superuser.end();
}

/** A server that root starts runs as somebody else, who must be able to read these files. */
function giveToServer(files: readonly string[], ofServer: string): void {
  const { uid, gid } = statSync(ofServer);
  chmodSync(folder, 0o755);
  for (const file of files) {
    chownSync(file, uid, gid);
    chmodSync(file, 0o600);
  }
}

/** The service under the emulator; its database's authority as given. */
async function startService(
  rootCert: string,
  own: Certificate = client,
): Promise<() => Promise<{ status: number; text: string }>> {
  events = [];
  const secrets = { 'client-cert': own.cert, 'client-key': own.key, 'root-cert': rootCert };
  const command = ['node', 'tls-service.mjs'];
  const { service } = await loadLocalService(join(fixtures, 'tls-service.yaml'), {
    cwd: fixtures,
    command,
    secrets,
  });
  const started = await makeLocalPlatform(
    {
      kind: 'local',
      service: 'postgrest',
      services: [service],
      emulation: { profile: 'cloudrun', timeScale: 1, idleCpu: 'full', slotAfterTimeout: 'held' },
    },
    guard,
  ).start({
    databases: postgres.services,
    clock,
    onEvent: (event) => events.push(event),
    signal: new AbortController().signal,
  });
  platform = started;
  return async () => {
    const response = await fetch(started.url);
    return { status: response.status, text: await response.text() };
  };
}

const linked = (): readonly LinkEvent[] => events.filter((event) => event.kind === 'link');
const portsOf = (what: LinkEvent['what']): readonly number[] =>
  linked()
    .flatMap((event) => (event.what === what ? [event.port] : []))
    .sort((a, b) => a - b);

/** The source ports of this test's service that the server log names so. */
function logPorts(what: LogEvent['what']): readonly number[] {
  const own = portsOf('attempt');
  return logged
    .flatMap((event) => (event.what === what && event.port !== null ? [event.port] : []))
    .filter((port) => own.includes(port))
    .sort((a, b) => a - b);
}

/** Waits until every connection is closed and the server's log has been read so far. */
async function settle(): Promise<void> {
  await until(() => portsOf('attempt').length > 0 && portsOf('close').length === portsOf('attempt').length);
  await untilLogIsRead(postgres.monitor, logged);
}

/** Under TLS the link sees connections and nothing of what they became. */
function expectTlsCounts(): void {
  expect(logPorts('received')).toEqual(portsOf('attempt'));
  expect(portsOf('close')).toEqual(portsOf('attempt'));
  for (const event of linked()) {
    expect(['attempt', 'close']).toContain(event.what);
    expect(event).not.toHaveProperty('was_session');
    expect(event).toMatchObject({ role: null, application_name: null });
  }
}

async function expectNothingLeft(): Promise<void> {
  const family = descendantsOf(process.pid).filter(({ command }) =>
    /emulator-main|tls-service|psql/.test(command),
  );
  expect(family.length).toBeGreaterThanOrEqual(2);
  expect(readdirSync(join(folder, 'tmp')).length).toBeGreaterThan(0);
  await platform?.stop(1000);
  platform = null;
  expect(await waitUntilGone(family)).toEqual([]);
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  const ends = events.flatMap((event) =>
    event.kind === 'instance' && event.state === 'stopped' ? [event] : [],
  );
  expect(ends).toMatchObject([{ sessions_left: 0 }]);
}
