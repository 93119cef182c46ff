import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import type { CanaryEvent, SettingsEvent } from '../../../src/evidence/event.ts';
import { startCanary } from '../../../src/postgres/canary.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { openSampleSession } from '../../../src/postgres/sample-session.ts';
import { watchSettings } from '../../../src/postgres/settings-watch.ts';
import { openWatchSession } from '../../../src/postgres/watch-session.ts';
import { openSession } from '../../cases/pg-client.ts';
import { until } from '../../support/until.ts';

const clock = makeRunClock();
let guard: ProcessGuard;
let postgres: RunningPostgres;

beforeAll(async () => {
  guard = startProcessGuard();
  const server = makeEmbeddedServer({ maxConnections: 20, serviceRoles: ["api's"], guard });
  postgres = await server.start(new AbortController().signal);
});
afterAll(async () => {
  await postgres.stop();
  guard.dismiss();
});

test('settings and role limits are read at the start, when asked and at the end, over one session', async () => {
  const session = await openWatchSession(postgres.monitor);
  onTestFinished(() => session.close());
  const admin = await openSession(postgres.monitor);
  onTestFinished(() => admin.end());
  const seen: SettingsEvent[] = [];
  const roles = ["api's"];
  const watch = await watchSettings({ session, roles, clock, onEvent: (event) => seen.push(event) });
  expect(seen[0]).toMatchObject({ ok: true, settings: { max_connections: '20', statement_timeout: '0' } });
  expect(seen[0]?.roles).toEqual({ "api's": { connection_limit: -1, settings: [] } });

  await admin.query(`alter role "api's" connection limit 5`);
  await admin.query(`alter role "api's" set statement_timeout = '5s'`);
  watch.again();
  await until(() => seen.length === 2);
  expect(seen[1]?.roles).toEqual({ "api's": { connection_limit: 5, settings: ['statement_timeout=5s'] } });
  expect(seen[1]?.server_started_us).toBe(seen[0]?.server_started_us);

  // A session that was lost meanwhile is opened anew for the last reading: load is over by then.
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'poolproof' and datname = 'poolproof' and pid <> pg_backend_pid()`,
  );
  await watch.stop();
  expect(seen.at(-1)).toMatchObject({ ok: true, roles: { "api's": { connection_limit: 5 } } });
});

test("another service's canary gets in as an ordinary role of its own, and no sample shows it", async () => {
  const { neighbor } = postgres;
  if (neighbor == null) throw new Error('a server that was started for the run has a neighbour');
  const session = await openSampleSession(postgres.monitor);
  onTestFinished(() => session.close());
  const tries: CanaryEvent[] = [];
  const onEvent = (event: CanaryEvent) => tries.push(event);
  const canary = startCanary({ role: 'neighbor', login: neighbor, seed: 1, clock, onEvent });
  const samples = [];
  while (tries.length < 3) samples.push(await session.read());
  await canary.stop();
  expect(tries.every(({ ok, role }) => ok && role === 'neighbor')).toBe(true);
  expect(samples.every(({ backends }) => backends === 0)).toBe(true);
});

test('sessions are told apart by database and address where a contract asks for it', async () => {
  const elsewhere = await openSession({
    ...postgres.service,
    user: 'poolproof_monitor',
    database: 'postgres',
    password: postgres.monitor.password,
  });
  onTestFinished(() => elsewhere.end());
  const here = await openSession(postgres.service);
  onTestFinished(() => here.end());
  const session = await openSampleSession(postgres.monitor, ['database', 'clientAddress']);
  onTestFinished(() => session.close());
  const { groups } = await session.read();
  const places = groups
    .map(({ place }) => place)
    .sort((a, b) => `${a.database}`.localeCompare(`${b.database}`));
  expect(places).toEqual([
    { database: "api's", clientAddress: '127.0.0.1' },
    { database: 'postgres', clientAddress: '127.0.0.1' },
  ]);
});
