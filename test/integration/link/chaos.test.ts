import { once } from 'node:events';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import type { FaultTarget } from '../../../src/chaos/fault-target.ts';
import type { Applied } from '../../../src/chaos/fault-action.ts';
import { applyFault } from '../../../src/chaos/faults/faults.ts';
import type { RunEvent } from '../../../src/evidence/event.ts';
import { emulatorControl } from '../../../src/platform/local/emulator-control.ts';
import { startEmulator, type RunningEmulator } from '../../../src/platform/local/emulator.ts';
import { documentedRules } from '../../../src/platform/local/rules.ts';
import type { EmulatorControl } from '../../../src/platform/platform.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import type { Login, RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { probeLinks } from '../../../src/run/probe-links.ts';
import type { Fault } from '../../../src/scenario/chaos/faults.ts';
import { openSession, refusalOf } from '../../cases/pg-client.ts';
import { withoutDatabase } from '../../chaos/without-database.ts';
import { until } from '../../support/until.ts';

/** Real instances of an emulator, their real links, a real Postgres; the test is what the instances would be. */
const fixtures = new URL('../../fixtures/platform/', import.meta.url).pathname;
const clock = makeRunClock();
const token = 'secret';

let guard: ProcessGuard;
let postgres: RunningPostgres;
let emulator: RunningEmulator;
let control: EmulatorControl;
let events: RunEvent[] = [];
let inForce: Applied[] = [];
const open: pg.Client[] = [];

beforeAll(async () => {
  guard = startProcessGuard();
  const server = makeEmbeddedServer({ maxConnections: 20, serviceRoles: ['api'], guard });
  postgres = await server.start(new AbortController().signal);
  emulator = await emulatorTo(postgres.service);
  const place = { project: 'demo', location: 'local', grpc: null };
  control = emulatorControl({ url: emulator.adminUrl, token, ...place });
});

beforeEach(() => {
  events = [];
});

afterEach(async () => {
  for (const { undo } of inForce.splice(0)) await undo?.();
  for (const client of open.splice(0)) await client.end().catch(() => undefined);
});

afterAll(async () => {
  await emulator.stop(500);
  await postgres.stop();
  guard.dismiss();
});

async function emulatorTo({ host, port, user, password, database }: Login): Promise<RunningEmulator> {
  const containers = [{ name: 'app', ports: [{ containerPort: 8080 }] }];
  const service = {
    name: 'api',
    resource: { template: { containers, scaling: { minInstanceCount: 1, maxInstanceCount: 3 } } },
    programs: { app: { kind: 'process' as const, command: ['node', 'ok.mjs'] as [string, string] } },
    cwd: fixtures,
    secretFiles: {},
    startupDelayMs: 0,
    database: { host, port, user, password, database },
    port: 0,
  };
  const orders = {
    services: [service] as [typeof service],
    profile: 'cloudrun' as const,
    idleCpu: 'full' as const,
    slotAfterTimeout: 'held' as const,
    project: 'demo',
    location: 'local',
    admin: { port: 0, token, grpc: false },
    originNs: String(clock.originNs),
    seed: 1,
    rules: documentedRules,
  };
  const onEvent = (event: RunEvent): void => void events.push(event);
  const started = await startEmulator({ orders, guard, onEvent, onOutput: ignore }, ignore);
  if (started.kind === 'failed') throw new Error(started.problem.message);
  return started.emulator;
}

const ignore = (): void => undefined;

/** The way of an instance to its database; the first one's unless said. */
async function login(index = 0): Promise<Login> {
  const { links } = (await control.status()).services[0]!;
  const { host, port } = links[index]!;
  return { ...postgres.service, host, port };
}

/** A session as the instance would have it. */
async function session(index?: number): Promise<pg.Client> {
  const client = await openSession(await login(index));
  open.push(client);
  return client;
}

async function inflict(fault: Fault): Promise<Applied> {
  const target = {
    turn: (service, knob) => control.turn(service, knob),
    probeLinks: (service, limitMs) => probeLinks(control, service, limitMs, clock),
    recorded: (_service, sinceUs) => events.filter((event) => event.t_us >= sinceUs),
  } satisfies Partial<FaultTarget> as Partial<FaultTarget> as FaultTarget;
  const where = { target, service: 'api', step: '1', forMs: null, sinceUs: clock.nowUs() };
  const applied = await applyFault(fault, { ...withoutDatabase(), ...where });
  inForce.push(applied);
  return applied;
}

async function undo(applied: Applied): Promise<void> {
  inForce = inForce.filter((one) => one !== applied);
  await applied.undo?.();
}

async function tookMs(what: () => Promise<unknown>): Promise<number> {
  const beginMs = performance.now();
  await what();
  return performance.now() - beginMs;
}

const select = (client: pg.Client) => () => client.query('select 1');

/** The fastest of some: what it takes without the company on this machine. */
async function fastestMs(what: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let round = 0; round < 5; round += 1) all.push(await tookMs(what));
  return Math.min(...all);
}

test('db.latency: queries of open sessions are slower by it, new sessions by every turn of the handshake', async () => {
  const client = await session();
  const fault = await inflict({ kind: 'db.latency', delayMs: 100 });
  expect(fault.detail).toBe(
    'db.latency: answers of Postgres come 100 ms later, on 1 link, open connections and new ones',
  );
  expect(await fastestMs(select(client))).toBeGreaterThanOrEqual(99);
  // Password and proof are two answers, and the session's own is a third.
  expect(await tookMs(session)).toBeGreaterThanOrEqual(299);
  expect(await fault.confirm?.()).toMatch(/^through the link and back in 1\d\d ms/);
  await undo(fault);
  expect(await fastestMs(select(client))).toBeLessThan(60);
  expect(await fastestMs(session)).toBeLessThan(200);
  expect(await fault.confirm?.()).toBeNull();
});

test('db.jitter: every answer takes a time of its own within the spread', async () => {
  const client = await session();
  const fault = await inflict({ kind: 'db.jitter', delayMs: 60, spreadMs: 50 });
  const all: number[] = [];
  for (let round = 0; round < 12; round += 1) all.push(await tookMs(select(client)));
  expect(Math.min(...all)).toBeGreaterThanOrEqual(9);
  expect(Math.max(...all) - Math.min(...all)).toBeGreaterThan(20);
  await until(async () => (await fault.confirm?.()) !== null);
  await undo(fault);
  expect(await fastestMs(select(client))).toBeLessThan(10);
});

test('db.bandwidth: a large answer takes as long as its bytes do, each connection by itself', async () => {
  const clients = [await session(), await session()];
  const large = (client: pg.Client) => () => client.query(`select repeat('x', 50000)`);
  const fault = await inflict({ kind: 'db.bandwidth', bytesPerSec: 100_000 });
  const both = await tookMs(() => Promise.all(clients.map((client) => large(client)())));
  expect(both).toBeGreaterThanOrEqual(499);
  expect(await tookMs(large(await session()))).toBeGreaterThanOrEqual(499);
  await undo(fault);
  expect(await fastestMs(large(clients[0]!))).toBeLessThan(250);
});

test('db.latency and db.bandwidth at once add up, and each ends by itself', async () => {
  const client = await session();
  const large = () => client.query(`select repeat('x', 20000)`);
  const slow = await inflict({ kind: 'db.bandwidth', bytesPerSec: 100_000 });
  const late = await inflict({ kind: 'db.latency', delayMs: 100 });
  expect(await tookMs(large)).toBeGreaterThanOrEqual(299);
  await undo(slow);
  const ms = await fastestMs(large);
  expect(ms).toBeGreaterThanOrEqual(99);
  expect(ms).toBeLessThan(250);
  await undo(late);
  expect(await fastestMs(large)).toBeLessThan(60);
});

test('db.reset: open sessions are broken off, new ones are none of it', async () => {
  const clients = [await session(), await session()];
  const ends = clients.map(async (client) => ((await once(client, 'error'))[0] as { code?: string }).code);
  const fault = await inflict({ kind: 'db.reset' });
  expect(fault.detail).toMatch(/^db\.reset: 2 connections reset/);
  expect(await Promise.all(ends)).toEqual(['ECONNRESET', 'ECONNRESET']);
  await until(async () => (await fault.confirm?.()) === '2 connections ended at once');
  expect(fault.undo).toBeNull();
  const monitor = await openSession(postgres.monitor);
  await until(async () => {
    const { rowCount } = await monitor.query(`select from pg_stat_activity where usename = 'api'`);
    return rowCount === 0;
  });
  await monitor.end();
  await select(await session())();
});

test('db.blackhole: neither queries nor new sessions get through, and nothing is closed; then all goes on', async () => {
  const client = await session();
  const fault = await inflict({ kind: 'db.blackhole' });
  let answered = 0;
  let ended = 0;
  client.on('end', () => (ended += 1));
  const query = client.query('select 1').then(() => (answered += 1));
  const late = session().then(() => (answered += 1));
  expect(await fault.confirm?.()).toMatch(/^nothing came back through i\d+ in 1000 ms$/);
  expect([answered, ended]).toEqual([0, 0]);
  await undo(fault);
  await Promise.all([query, late]);
  expect(await fault.confirm?.()).toBeNull();
});

test('db.refuse: new connections are refused as at a port where nobody listens, open sessions go on', async () => {
  const client = await session();
  const where = await login();
  const fault = await inflict({ kind: 'db.refuse' });
  expect(await refusalOf(where)).toBe('ECONNREFUSED');
  expect(await fault.confirm?.()).toMatch(/^i\d+: ECONNREFUSED$/);
  await select(client)();
  await undo(fault);
  expect(await login()).toEqual(where);
  expect(await refusalOf(where)).toBeNull();
  expect(await fault.confirm?.()).toBeNull();
});

test('instances that start later are under the faults that are in force', async () => {
  const late = await inflict({ kind: 'db.latency', delayMs: 100 });
  const shut = await inflict({ kind: 'db.refuse' });
  const url = emulator.urls['api']!;
  const [busy] = await Promise.all([
    until(async () => (await control.status()).services[0]!.links.length > 1),
    ...Array.from({ length: 240 }, () => fetch(`${url}/slow?ms=300`).then((answer) => answer.text())),
  ]);
  expect(busy).toBeUndefined();
  expect(await refusalOf(await login(1))).toBe('ECONNREFUSED');
  await undo(shut);
  expect(await fastestMs(select(await session(1)))).toBeGreaterThanOrEqual(99);
  await undo(late);
  expect(await fastestMs(select(await session(1)))).toBeLessThan(60);
});

test('the harness asks the way without a session, an attempt or a word in the record', async () => {
  const [inspect] = await probeLinks(control, 'api', 2000, clock);
  expect(inspect).toMatchObject({ answer: { kind: 'answered' } });
  await select(await session())();
  expect(events.flatMap((event) => (event.kind === 'link' ? [event.what] : []))).toEqual([
    'attempt',
    'session',
  ]);
});
