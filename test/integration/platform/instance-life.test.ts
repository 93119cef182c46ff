import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { monotonicNs } from '../../../src/base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import { until } from '../../support/until.ts';
import { app, isAlive, leaveNothing, startInstance, stateOf } from './instance-case.ts';

let guard: ProcessGuard;

beforeAll(() => {
  guard = startProcessGuard();
});

afterEach(leaveNothing);

afterAll(() => guard.dismiss());

const stubborn = { ...app, command: ['node', 'stubborn.mjs'] };
const quickly = { httpGet: { path: '/health' }, periodSeconds: 1, failureThreshold: 2 };

async function msOf(work: Promise<unknown>): Promise<number> {
  const begunNs = monotonicNs();
  await work;
  return Number(monotonicNs() - begunNs) / 1e6;
}

test('an instance is ready when its port listens, and ends well at SIGTERM', async () => {
  const { instance, ready, ended, states } = startInstance({}, guard);
  await ready;
  instance.stop(5000, 'AUTOSCALING');
  expect(await ended).toMatchObject({ cause: 'stopped', exit: { code: 0, signal: null } });
  expect(states()).toEqual([
    'starting AUTOSCALING',
    'ready AUTOSCALING',
    'stopping AUTOSCALING',
    'stopped AUTOSCALING',
  ]);
});

test('what ignores SIGTERM is killed after the grace and not before, its children with it', async () => {
  const { instance, ready, call, ended } = startInstance({ containers: [stubborn] }, guard);
  await ready;
  const pids = (await call('/')) as [number, number];
  const waited = msOf(ended);
  instance.stop(1500, 'AUTOSCALING');
  await delay(200);
  expect(pids.map(isAlive)).toEqual([true, true]);
  expect(await ended).toMatchObject({ cause: 'stopped', exit: { signal: 'SIGKILL' } });
  expect(await waited).toBeGreaterThanOrEqual(1490);
  await until(() => !pids.some(isAlive));
});

test('children that ignore SIGTERM end with the program that obeys it', async () => {
  const env = [{ name: 'OBEY', value: 'yes' }];
  const { instance, ready, call, ended } = startInstance({ containers: [{ ...stubborn, env }] }, guard);
  await ready;
  const [, child] = (await call('/')) as [number, number];
  instance.stop(10_000, 'AUTOSCALING');
  expect(await ended).toMatchObject({ cause: 'stopped', exit: { code: 0, signal: null } });
  await until(() => !isAlive(child));
});

test('told again to stop, it has no longer than the new grace', async () => {
  const { instance, ready, ended, events } = startInstance({ containers: [stubborn] }, guard);
  await ready;
  instance.stop(20_000, 'AUTOSCALING');
  instance.stop(300, 'SHUTDOWN');
  expect(await ended).toMatchObject({ cause: 'stopped', exit: { signal: 'SIGKILL' } });
  const [stopping, stopped] = events.filter(({ kind }) => kind === 'instance').slice(-2);
  expect(stopped!.t_us - stopping!.t_us).toBeGreaterThanOrEqual(300_000);
  expect(stopped!.t_us - stopping!.t_us).toBeLessThan(10_000_000);
});

test('a failed liveness probe kills the instance and cuts what it was doing', async () => {
  const { ready, call, ended, states, available } = startInstance(
    { containers: [{ ...app, livenessProbe: quickly }] },
    guard,
  );
  await ready;
  await call('/set?health=500');
  const cut = call('/never').then(
    () => 'answered',
    () => 'cut',
  );
  expect(await ended).toMatchObject({ cause: 'liveness_failed', exit: { signal: 'SIGKILL' } });
  expect(await cut).toBe('cut');
  expect(states().at(-1)).toBe('failed LIVENESS_FAILED');
  expect(available).toEqual([]);
});

test('a failed readiness probe makes the instance unavailable until it passes again, no more', async () => {
  const { ready, call, available, states } = startInstance(
    { containers: [{ ...app, readinessProbe: quickly }] },
    guard,
  );
  await ready;
  await call('/set?health=503');
  await until(() => available.length === 1);
  await call('/set?health=200');
  await until(() => available.length === 2);
  expect(available).toEqual([false, true]);
  expect(states()).toHaveLength(2);
});

test('an idle instance does nothing until the next request, and its probes do not count', async () => {
  const { instance, ready, call, states } = startInstance(
    { idleCpu: 'stop', containers: [{ ...app, livenessProbe: quickly }] },
    guard,
  );
  await ready;
  const beatsNow = async (): Promise<number> => {
    instance.busy();
    return (await call('/beats')) as number;
  };
  const before = await beatsNow();
  instance.idle();
  await delay(3500);
  const after = await beatsNow();
  // 3.5 s are 175 beats; the freeze began after 100 ms.
  expect(after - before).toBeLessThan(50);
  await until(async () => (await beatsNow()) > after + 5);
  expect(states()).toHaveLength(2);
});

test('an idle instance that is frozen hears SIGTERM', async () => {
  const { instance, ready, ended } = startInstance({ idleCpu: 'stop' }, guard);
  await ready;
  instance.idle();
  await delay(300);
  instance.stop(5000, 'AUTOSCALING');
  expect(await ended).toMatchObject({ cause: 'stopped', exit: { code: 0 } });
});

test('an instance can be killed, and hung and resumed, on purpose', async () => {
  const { instance, ready, call, ended, states, isLeaving } = startInstance(
    { containers: [stubborn] },
    guard,
  );
  await ready;
  const [pid, child] = (await call('/')) as [number, number];
  instance.hang();
  await until(() => stateOf(pid) === 'T' && stateOf(child) === 'T');
  instance.resume();
  await until(() => stateOf(pid) !== 'T' && stateOf(child) !== 'T');
  instance.hang();
  expect(isLeaving()).toBe(false);
  instance.kill();
  expect(isLeaving()).toBe(true);
  expect(await ended).toMatchObject({ cause: 'killed', exit: { signal: 'SIGKILL' } });
  expect(states().at(-1)).toBe('failed KILLED');
  await until(() => !isAlive(child));
});

test('a start can be delayed, and made to fail', async () => {
  const { ready, states, problemOf } = startInstance(
    { orders: { extraDelayMs: 400, failStart: true } },
    guard,
  );
  const waited = msOf(ready);
  const how = await ready;
  expect(await waited).toBeGreaterThanOrEqual(390);
  expect(how !== 'ready' && problemOf(how)).toMatch(/was made to fail/);
  expect(states()).toEqual(['starting AUTOSCALING', 'failed FAIL_START']);
});

test('one that is stopped while it starts never runs', async () => {
  const { instance, ended, lines, states } = startInstance({ orders: { extraDelayMs: 10_000 } }, guard);
  await delay(50);
  instance.stop(1000, 'SHUTDOWN');
  expect(await ended).toMatchObject({ cause: 'stopped' });
  expect(lines).toEqual([]);
  expect(states()).toEqual(['starting AUTOSCALING', 'stopping SHUTDOWN', 'stopped SHUTDOWN']);
});

test('one that never listens is given up after its startup probe', async () => {
  const probe = { tcpSocket: {}, periodSeconds: 1, failureThreshold: 3 };
  const { ready, problemOf } = startInstance(
    { containers: [{ ...app, command: ['node', 'never-listens.mjs'], startupProbe: probe }] },
    guard,
  );
  const how = await ready;
  expect(how !== 'ready' && problemOf(how)).toMatch(
    /did not pass its startup probe \(tcp, 3 s\).*thinking about it/s,
  );
});
