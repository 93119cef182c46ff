import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import { makeRandom } from '../../../src/base/random.ts';
import type { LinkEvent, LogEvent, WorkEvent } from '../../../src/evidence/event.ts';
import { startLink, type RunningLink } from '../../../src/link/link.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { followServerLog, type RunningServerLog } from '../../../src/postgres/server-log.ts';
import { socketOf, untilLogIsRead } from '../../cases/log-barrier.ts';
import { openSession, refusalOf } from '../../cases/pg-client.ts';
import { gssRequest, sslRequest } from '../../link/wire.ts';
import { hasPrograms } from '../../support/has-programs.ts';
import { until } from '../../support/until.ts';

/** Of ten slots three are the superusers', so the service gets at most seven. */
const maxConnections = 10;

/** The name of sessions that are opened to wait for the others. */
const lastOne = 'last-one';

const clock = makeRunClock();
let guard: ProcessGuard;
let postgres: RunningPostgres;
let log: RunningServerLog;
let link: RunningLink;
const logged: LogEvent[] = [];
let linked: LinkEvent[] = [];
let worked: WorkEvent[] = [];

beforeAll(async () => {
  guard = startProcessGuard();
  const server = makeEmbeddedServer({ maxConnections, serviceRoles: ['api'], guard });
  postgres = await server.start(new AbortController().signal);
  log = await followServerLog({
    source: postgres.log!,
    clock,
    serverClock: { offset_us: 0 },
    onEvent: (event) => logged.push(event),
  });
  link = await startLink({
    upstream: postgres.service,
    clock,
    whose: { service: 'api', revision: 'api-00001-abc', instance: 'i1' },
    onEvent: (event) => event.application_name !== lastOne && linked.push(event),
    onWork: (event) => worked.push(event),
  });
});

beforeEach(() => {
  linked = [];
  worked = [];
});

afterAll(async () => {
  await link.close();
  await log.stop();
  await postgres.stop();
  guard.dismiss();
});

const throughLink = () => ({ ...postgres.service, host: link.host, port: link.port });
const portsOf = (what: LinkEvent['what']): readonly number[] =>
  linked.filter((event) => event.what === what).map(({ port }) => port);

/**
 * Waits until every connection is closed on the server's side and its log has been read so far. The link takes
 * connections in the order in which they came: once one more got through, it knows of all before.
 */
async function settle(): Promise<void> {
  await (await openSession({ ...postgres.monitor, host: link.host, port: link.port }, lastOne)).end();
  await until(() => portsOf('close').length === portsOf('attempt').length);
  await untilLogIsRead(postgres.monitor, logged);
}

/** What the server's log says of one source port: refused with a SQLSTATE, a session, or neither. */
function logVerdict(port: number): string {
  const lines = logged.filter((event) => event.port === port);
  const fatal = lines.find((event) => event.what === 'error' && event.severity === 'FATAL');
  if (fatal !== undefined) return `refused ${fatal.sqlstate}`;
  // Postgres logs the end of a connection only when it had become a session.
  return lines.some((event) => event.what === 'disconnected') ? 'session' : 'neither';
}

function linkVerdict(port: number): string {
  const refusal = linked.find((event) => event.port === port && event.what === 'refused');
  if (refusal !== undefined) return `refused ${refusal.sqlstate}`;
  return portsOf('session').includes(port) ? 'session' : 'neither';
}

function expectLinkToEqualLog(): void {
  const ports = portsOf('attempt');
  expect(new Set(ports).size).toBe(ports.length);
  expect(ports.map((port) => [port, linkVerdict(port)])).toEqual(
    ports.map((port) => [port, logVerdict(port)]),
  );
}

test('counts the transactions that Postgres itself counts: single, in blocks, failed and rolled back', async () => {
  const client = await openSession(throughLink());
  // Said before the counting begins: what was done until then, and this statement, is told first.
  await client.query('select pg_stat_force_next_flush()');
  await until(() => worked.length > 0);
  worked = [];
  const before = await countedByPostgres();
  for (let count = 0; count < 20; count += 1) await client.query('select 1');
  for (const end of ['commit', 'rollback', 'commit']) {
    await client.query('begin');
    await client.query(end === 'commit' ? 'select 1' : 'select 1 / 0').catch(() => undefined);
    await client.query(end);
  }
  await client.query('select 1 / 0').catch(() => undefined);
  await client.query('select pg_stat_force_next_flush()');
  await client.end();
  await until(() => sumOf(worked) >= 25);
  expect(sumOf(worked)).toBe(25);
  expect((await countedByPostgres()) - before).toBe(25);
  for (const { from_us: fromUs, t_us: atUs } of worked) expect(fromUs).toBeLessThanOrEqual(atUs);
});

const sumOf = (events: readonly WorkEvent[]): number =>
  events.reduce((sum, { transactions }) => sum + transactions, 0);

/** Transactions on the service's database, as far as its sessions have told. */
async function countedByPostgres(): Promise<number> {
  const client = await openSession(postgres.monitor);
  const { rows } = await client.query<{ count: string }>(
    'select xact_commit + xact_rollback as count from pg_stat_database where datname = $1',
    [postgres.service.database],
  );
  await client.end();
  return Number(rows[0]?.count);
}

test('a query works through the link, and the session carries its name', async () => {
  const client = await openSession(throughLink(), 'mine');
  const { rows } = await client.query<{ port: number; length: number }>(
    `select inet_client_port() as port, length(repeat('x', 1000000)) as length`,
  );
  expect(link.openSessions()).toBe(1);
  await client.end();
  expect(rows[0]?.length).toBe(1_000_000);
  await settle();
  expect(linked.map(({ what }) => what)).toEqual(['attempt', 'session', 'close']);
  expect(linked[1]).toMatchObject({ port: rows[0]?.port, role: 'api', application_name: 'mine' });
  expectLinkToEqualLog();
});

test('in a burst beyond the slots, sessions and refusals equal the server log, port by port', async () => {
  const clients = await Promise.all(
    Array.from({ length: 30 }, () => openSession(throughLink()).catch(() => null)),
  );
  await Promise.all(clients.map(async (client) => client?.end()));
  await settle();
  expect(portsOf('attempt')).toHaveLength(30);
  // A backend that is about to be refused holds a slot until it has said so: fewer than seven may get in.
  expect(portsOf('session').length).toBeGreaterThan(0);
  expect(portsOf('refused').length).toBeGreaterThan(0);
  expect(linked.filter((event) => event.sqlstate === '53300')).toHaveLength(portsOf('refused').length);
  expectLinkToEqualLog();
});

test('a wrong password is refused with 28P01, as the client sees it', async () => {
  expect(await refusalOf({ ...throughLink(), password: 'wrong' })).toBe('28P01');
  expect(await refusalOf({ ...throughLink(), database: 'nowhere' })).toBe('3D000');
  await settle();
  const refusals = linked.filter(({ what }) => what === 'refused').map(({ sqlstate }) => sqlstate);
  expect(refusals).toEqual(['28P01', '3D000']);
  expectLinkToEqualLog();
});

test('clients that vanish at any moment of the handshake are counted as the server counts them', async () => {
  const random = makeRandom(3, 'vanish');
  const vanish = async (): Promise<void> => {
    const client = new pg.Client({ ...throughLink(), ssl: false });
    client.on('error', () => undefined);
    void client.connect().catch(() => undefined);
    await delay(random() * 60);
    socketOf(client).resetAndDestroy();
  };
  for (let round = 0; round < 8; round += 1) await Promise.all(Array.from({ length: 5 }, vanish));
  await settle();
  expect(link.openSessions()).toBe(0);
  expectLinkToEqualLog();
});

test('a session whose client has gone stays open as long as the server works on it', async () => {
  const holder = await openSession(postgres.service);
  await holder.query('select pg_advisory_lock(1)');
  const client = await openSession(throughLink());
  void client.query('select pg_advisory_lock(1)').catch(() => undefined);
  await until(async () => {
    const { rowCount } = await holder.query(
      `select from pg_locks where locktype = 'advisory' and not granted`,
    );
    return rowCount === 1;
  });
  socketOf(client).resetAndDestroy();
  await delay(300);
  expect(link.openSessions()).toBe(1);
  await holder.end();
  await settle();
  expect(link.openSessions()).toBe(0);
});

test('a parameter and a row of megabytes come through as they are', async () => {
  const client = await openSession(throughLink());
  const sent = randomBytes(6 * 1024 * 1024);
  const { rows } = await client.query<{ md5: string; same: Buffer }>(
    'select md5($1::bytea) as md5, $1::bytea as same',
    [sent],
  );
  await client.end();
  expect(rows[0]?.md5).toBe(createHash('md5').update(sent).digest('hex'));
  expect(rows[0]?.same.equals(sent)).toBe(true);
});

test('wishes for encryption are answered by Postgres, and the client goes on in clear', async () => {
  for (const request of [gssRequest(), sslRequest()]) {
    const socket = connect({ host: link.host, port: link.port });
    socket.write(request);
    expect(String(await once(socket, 'data'))).toBe('N');
    socket.end();
    await once(socket, 'close');
  }
  await settle();
  expect(linked.map(({ what }) => what)).toEqual(['attempt', 'close', 'attempt', 'close']);
  expectLinkToEqualLog();
});

test('a cancel request reaches the query that it is for, and is no attempt', async () => {
  const client = await openSession(throughLink());
  const { processID, secretKey } = client as unknown as Record<'processID' | 'secretKey', number>;
  const query = client.query('select pg_sleep(60)').catch((error: unknown) => error);
  const request = Buffer.alloc(16);
  for (const [index, word] of [16, 80877102, processID, secretKey].entries())
    request.writeInt32BE(word, 4 * index);
  await until(async () => {
    const socket = connect({ host: link.host, port: link.port });
    socket.write(request);
    await once(socket.resume(), 'end');
    socket.destroy();
    return Promise.race([query.then(() => true), delay(100, false)]);
  });
  expect(await query).toMatchObject({ code: '57014' });
  await client.end();
  await settle();
  expect(linked.map(({ what }) => what)).toEqual(['attempt', 'session', 'close']);
});

test.skipIf(!hasPrograms('COPY through the link', ['psql']))('COPY passes both ways', async () => {
  const rows = Array.from({ length: 60_000 }, (_, index) => `${index}\t${'x'.repeat(index % 90)}\n`).join('');
  const script = [
    'create temp table copied (id int, filler text)',
    String.raw`\copy copied from pstdin`,
    String.raw`\copy (select * from copied order by id) to pstdout`,
  ].flatMap((line) => ['-c', line]);
  const { host, port, user, password, database } = throughLink();
  const psql = spawn('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', ...script], {
    env: {
      PATH: process.env['PATH'],
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: password,
      PGDATABASE: database,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  psql.stdin.end(rows);
  let copied = '';
  psql.stdout.setEncoding('utf8').on('data', (text: string) => (copied += text));
  expect(await once(psql, 'close')).toEqual([0, null]);
  expect(copied === rows).toBe(true);
});
