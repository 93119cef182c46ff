import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import { makeSessionOwner } from '../../../src/contract/session-owner.ts';
import type { LockEvent } from '../../../src/evidence/event.ts';
import { watchDrain } from '../../../src/postgres/drain-watch.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import { watchLocks } from '../../../src/postgres/lock-watch.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { openWatchSession, type WatchSession } from '../../../src/postgres/watch-session.ts';
import { socketOf } from '../../cases/log-barrier.ts';
import { openSession } from '../../cases/pg-client.ts';
import { backend } from '../../evidence/given.ts';
import { until } from '../../support/until.ts';

const clock = makeRunClock();
let guard: ProcessGuard;
let postgres: RunningPostgres;
let session: WatchSession;

beforeAll(async () => {
  guard = startProcessGuard();
  const server = makeEmbeddedServer({ maxConnections: 20, serviceRoles: ["api's"], guard });
  postgres = await server.start(new AbortController().signal);
  session = await openWatchSession(postgres.monitor);
});
afterAll(async () => {
  await session.close();
  await postgres.stop();
  guard.dismiss();
});

const open = async (name?: string) => {
  const client = await openSession(postgres.service, name);
  onTestFinished(() => client.end().catch(() => undefined));
  return client;
};
const ownerOf = makeSessionOwner([{ name: 'api', match: { role: "api's" } }]);
const drain = (limitMs: number) =>
  watchDrain({ session, ownerOf, clock, limitMs }, new AbortController().signal);

test('what still works after load is told: whose it is, for how long, for which request; idle sessions are not', async () => {
  await (await open('pool')).query('select 1');
  const abandoned = await open('abandoned');
  void abandoned.query('select pg_sleep(1.5) /* poolproof:17 */').catch(() => undefined);
  const parked = await open('poolproof:4');
  await parked.query('begin');
  await delay(100);
  // The client goes away; its query does not.
  socketOf(abandoned).destroy();

  const event = await drain(2500);
  expect(event.working).toBe(1);
  expect(event.looks).toBeGreaterThan(3);
  expect(event.left).toHaveLength(2);
  const [sleeping, waiting] = ['abandoned', 'poolproof:4'].map((name) =>
    event.left.find((one) => one.application_name === name),
  );
  expect(sleeping).toMatchObject({ service: 'api', role: "api's", state: 'active', arrival: 17 });
  expect(sleeping!.last_us - event.from_us).toBeLessThan(2.4e6);
  expect(waiting).toMatchObject({ service: 'api', state: 'idle in transaction', arrival: 4 });
  expect(waiting!.xact_ms).toBeGreaterThan(2000);

  await parked.query('commit');
  expect(await drain(2500)).toMatchObject({ working: 0, looks: 1, left: [] });
});

test('a watch that can not look says that it knows nothing, which is not that nothing works', async () => {
  const own = await openWatchSession(postgres.monitor);
  await own.close();
  const orders = { session: own, ownerOf, clock, limitMs: 1000 };
  expect(await watchDrain(orders, new AbortController().signal)).toMatchObject({ working: null, looks: 0 });
});

test('lock waits are looked up to the session at their root, once a second, and only while there are any', async () => {
  const events: LockEvent[] = [];
  const locks = watchLocks({ session, clock, onEvent: (event) => events.push(event) });
  const holder = await open('holder');
  await holder.query('create table if not exists stock (id int)');
  await holder.query('begin; lock table stock in access exclusive mode');
  const waiters = await Promise.all([open('first'), open('second')]);
  const done: Promise<unknown>[] = [];
  for (const waiter of waiters) {
    done.push(waiter.query('begin; lock table stock in exclusive mode; commit'));
    await delay(50);
  }
  locks.sampled([backend({ waitType: 'Client' })]);
  const waiting = [backend({ waitType: 'Lock', count: 2 })];
  for (let look = 0; look < 10; look += 1) locks.sampled(waiting);
  await until(() => events.length > 0);
  locks.sampled(waiting);
  await holder.query('commit');
  await Promise.all(done);

  expect(events).toHaveLength(1);
  expect(events[0]?.waiting).toBe(2);
  const blockers = events[0]!.waits.map((wait) => [wait.application_name, wait.blocker_application_name]);
  expect(blockers.sort()).toEqual([
    ['first', 'holder'],
    ['second', 'holder'],
  ]);
  expect(events[0]?.waits[0]).toMatchObject({ wait: 'relation', blocker_state: 'idle in transaction' });
});
