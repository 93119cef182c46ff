import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import type { ResourceProbe } from '../../../src/contract/cloud-run/resource-probe.ts';
import type { RunEvent } from '../../../src/evidence/event.ts';
import { makeLocalPlatform, type RunningLocalService } from '../../../src/platform/local/local-platform.ts';
import { documentedRules, type Rules } from '../../../src/platform/local/rules.ts';
import type { LocalService, LocalTarget } from '../../../src/scenario/target/local-target.ts';
import type { PlatformOrders } from '../../../src/platform/platform.ts';
import { descendantsOf, stillRunning, waitUntilGone, type ProcessId } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

const fixtures = new URL('../../fixtures/platform/', import.meta.url).pathname;
const fixture = (name: string): string => `${fixtures}${name}.mjs`;
let guard: ProcessGuard;
let database: Server;
const running: RunningLocalService[] = [];

beforeAll(async () => {
  guard = startProcessGuard();
  database = createServer((socket) => socket.on('error', () => undefined).resume());
  await once(database.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
  for (const platform of running.splice(0)) await platform.stop(500);
});

afterAll(() => {
  database.close();
  guard.dismiss();
});

interface Shape {
  readonly command?: readonly [string, ...string[]];
  readonly max?: number;
  readonly min?: number;
  readonly concurrency?: number;
  readonly timeoutMs?: number;
  readonly startupDelayMs?: number;
  readonly probe?: ResourceProbe;
  readonly env?: Readonly<Record<string, string>>;
  readonly rules?: Partial<Rules>;
}

function ordersOf(shape: Shape): { target: LocalTarget } & Pick<PlatformOrders, 'databases'> {
  const service: LocalService = {
    name: 'api',
    resource: {
      template: {
        maxInstanceRequestConcurrency: shape.concurrency ?? 4,
        timeout: `${(shape.timeoutMs ?? 10_000) / 1000}s`,
        scaling: { minInstanceCount: shape.min ?? 0, maxInstanceCount: shape.max ?? 1 },
        containers: [
          {
            name: 'api',
            ports: [{ containerPort: 8080 }],
            env: Object.entries(shape.env ?? {}).map(([name, value]) => ({ name, value })),
            ...(shape.probe === undefined ? {} : { startupProbe: shape.probe }),
          },
        ],
      },
    },
    programs: { api: { kind: 'process', command: shape.command ?? ['node', fixture('ok')] } },
    cwd: fixtures,
    secretFiles: {},
    startupDelayMs: shape.startupDelayMs ?? 0,
  };
  return {
    target: {
      kind: 'local',
      service: 'api',
      services: [service],
      emulation: { profile: 'cloudrun', timeScale: 1, idleCpu: 'full', slotAfterTimeout: 'held' },
    },
    databases: {
      api: {
        host: '127.0.0.1',
        port: (database.address() as AddressInfo).port,
        user: 'app',
        password: 'secret',
        database: 'shop',
      },
    },
  };
}

interface Started {
  readonly platform: RunningLocalService;
  readonly events: RunEvent[];
  readonly call: (path: string, init?: RequestInit) => Promise<Response>;
  /** The same, once an instance works on it. */
  readonly underway: (path: string, init?: RequestInit) => Promise<{ answer: Promise<Response> }>;
}

async function start(
  shape: Shape = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Started> {
  const events: RunEvent[] = [];
  const { target, databases } = ordersOf(shape);
  const platform = await makeLocalPlatform(target, guard, { ...documentedRules, ...shape.rules }).start({
    databases,
    clock: makeRunClock(),
    onEvent: (event) => events.push(event),
    signal,
  });
  running.push(platform);
  const call = (path: string, init?: RequestInit): Promise<Response> => fetch(platform.url + path, init);
  const inFlight = async (): Promise<number> => {
    const { services } = await platform.emulator.status();
    return services.flatMap(({ revisions }) => revisions).reduce((sum, one) => sum + one.inFlight, 0);
  };
  const underway = async (path: string, init?: RequestInit): Promise<{ answer: Promise<Response> }> => {
    const answer = call(path, init);
    // Whoever does not ask for the answer leaves it to the end of the platform.
    answer.catch(() => undefined);
    await until(async () => (await inFlight()) === 1);
    return { answer };
  };
  return { platform, events, call, underway };
}

const reasonOf = (response: Response): string | null => response.headers.get('x-poolproof-platform');

function statesOf(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === 'instance' ? [`${event.state} ${event.reason}`] : []));
}

function emulators(): readonly ProcessId[] {
  return descendantsOf(process.pid).filter(({ command }) => command.includes('emulator-main'));
}

describe('a platform with one instance', () => {
  let platform: RunningLocalService;
  let events: RunEvent[];
  let call: Started['call'];

  beforeAll(async () => {
    ({ platform, events, call } = await start());
    // It outlives the test that comes first.
    running.splice(0);
  });

  afterAll(() => platform.stop(500));

  test('a request is answered by an instance, and the answer says by which and since when', async () => {
    const response = await call('/');
    expect(await response.text()).toBe('ok\n');
    expect(response.headers.get('x-poolproof-instance')).toBe('i1');
    expect(response.headers.get('x-poolproof-revision')).toMatch(/^api-00001-[a-z]{3}$/);
    expect(Number(response.headers.get('x-poolproof-received-us'))).toBeGreaterThan(0);
    expect(statesOf(events)).toEqual(['starting DEPLOYMENT_ROLLOUT', 'ready DEPLOYMENT_ROLLOUT']);
  });

  test('the ping path is answered without any instance', async () => {
    const response = await call(platform.pingPath);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-poolproof-instance')).toBeNull();
  });

  test('bodies go both ways unchanged: short, long, of unknown length', async () => {
    for (const size of [10, 100_000, 3_000_000]) {
      const body = Buffer.alloc(size, 'abcdefg');
      const response = await call('/echo', { method: 'POST', body });
      expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
    }
    const chunks = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 50; part += 1) controller.enqueue(Buffer.alloc(5000, 'x'));
        controller.close();
      },
    });
    const response = await call('/echo', { method: 'POST', body: chunks, duplex: 'half' });
    expect((await response.text()).length).toBe(250_000);
  });

  test('a response is streamed, not gathered', async () => {
    // What comes before the end of an answer that outlives the request's timeout was not gathered.
    const response = await call('/stream?ms=60000');
    const reader = response.body!.getReader();
    const first = await reader.read();
    expect(Buffer.from(first.value).toString()).toBe('first\n');
    await reader.cancel();
  });

  test('an instance cannot forge the headers of the platform', async () => {
    const response = await call('/headers');
    expect(response.headers.get('x-poolproof-instance')).toBe('i1');
    expect(response.headers.get('x-error-code')).toBe('shed');
  });

  test('a connection that the service cuts is a 503, and the instance goes on', async () => {
    const cut = await call('/die');
    expect([cut.status, reasonOf(cut)]).toEqual([503, 'connection_error']);
    expect((await call('/')).status).toBe(200);
  });

  test('an upgrade is refused clearly', async () => {
    const { port } = new URL(platform.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('501');
    socket.destroy();
  });
});

test('what is larger than the limit is refused with 413, declared or not', async () => {
  const { call } = await start({ rules: { maxBodyBytes: 200_000 } });
  const declared = await call('/echo', { method: 'POST', body: Buffer.alloc(200_001) });
  expect([declared.status, reasonOf(declared)]).toEqual([413, 'request_too_large']);
  const endless = new ReadableStream({
    pull(controller) {
      controller.enqueue(Buffer.alloc(50_000));
    },
  });
  const undeclared = call('/slow', { method: 'POST', body: endless, duplex: 'half' });
  const refused = await undeclared.catch(() => null);
  // The sender may see its connection cut while it is still sending; what it never sees is success.
  if (refused !== null) expect([413, 503]).toContain(refused.status);
  expect((await call('/')).status).toBe(200);
});

test('no instance ever works on more than its concurrency, and the fleet grows up to its maximum', async () => {
  const { call, events } = await start({ concurrency: 3, max: 3, timeoutMs: 20_000 });
  const answers = await Promise.all(Array.from({ length: 30 }, () => call('/slow?ms=200')));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200));
  const ready = (): number => statesOf(events).filter((state) => state.startsWith('ready')).length;
  await until(() => ready() >= 3);
  expect(ready()).toBe(3);
  const peaks = await Promise.all(Array.from({ length: 9 }, () => call('/peak').then((r) => r.text())));
  expect(Math.max(...peaks.map(Number))).toBeLessThanOrEqual(3);
});

test('at the maximum, who waited for the pending limit gets 429, and it is logged with its wait', async () => {
  const { call, underway, events } = await start({
    concurrency: 1,
    rules: { minPendingMs: 300, pendingStartupFactor: 0 },
  });
  await underway('/slow?ms=9000');
  const refused = await call('/');
  expect([refused.status, reasonOf(refused)]).toEqual([429, 'no_instance']);
  expect(await refused.text()).toContain('no available instance');
  await until(() => events.some((event) => event.kind === 'platform'));
  const logged = events.find((event) => event.kind === 'platform');
  expect(logged).toMatchObject({ status: 429, reason: 'no_instance' });
  expect(logged?.waited_us).toBeGreaterThanOrEqual(300_000);
});

test('below the maximum a start that is too slow is a 500, not a 429', async () => {
  const { call, underway } = await start({
    concurrency: 1,
    max: 3,
    startupDelayMs: 1500,
    rules: { minPendingMs: 300, pendingStartupFactor: 0 },
  });
  await underway('/slow?ms=9000');
  const refused = await call('/');
  expect([refused.status, reasonOf(refused)]).toEqual([500, 'no_instance_below_max']);
});

test('after a 504 the instance works on, and its place stays taken until it has answered', async () => {
  const { call } = await start({
    concurrency: 1,
    timeoutMs: 400,
    rules: { minPendingMs: 5000, pendingStartupFactor: 0 },
  });
  const late = await call('/slow?ms=2500');
  expect([late.status, reasonOf(late)]).toEqual([504, 'timeout']);
  const blocked = await call('/');
  expect([blocked.status, reasonOf(blocked)]).toEqual([504, 'timeout']);
  await until(async () => (await call('/')).status === 200);
});

test('a caller that leaves does not free its place', async () => {
  const { call, underway } = await start({ concurrency: 1 });
  const begun = performance.now();
  const caller = new AbortController();
  const { answer } = await underway('/slow?ms=1000', { signal: caller.signal });
  caller.abort();
  await expect(answer).rejects.toThrow('aborted');
  expect((await call('/')).status).toBe(200);
  expect(performance.now() - begun).toBeGreaterThan(990);
});

test('an instance that crashes fails what it had in flight with 503, and the next request starts another', async () => {
  const { call, underway, events } = await start({ max: 1 });
  const { answer } = await underway('/slow?ms=9000');
  await call('/exit');
  const working = await answer;
  expect([working.status, reasonOf(working)]).toEqual([503, 'connection_error']);
  await until(() => statesOf(events).includes('failed EXITED'));
  expect(events.find((event) => event.kind === 'instance' && event.state === 'failed')).toMatchObject({
    exit_code: 3,
    sessions_left: 0,
  });
  expect((await call('/')).headers.get('x-poolproof-instance')).toBe('i2');
});

test('the startup delay counts as startup, and an http probe waits for a good status', async () => {
  const { events } = await start({
    startupDelayMs: 400,
    probe: {
      httpGet: { path: '/healthz' },
      periodSeconds: 0.2,
      timeoutSeconds: 0.15,
      failureThreshold: 100,
    },
  });
  const ready = events.find((event) => event.kind === 'instance' && event.state === 'ready');
  expect(ready).toHaveProperty('startup_us');
  expect((ready as { startup_us: number }).startup_us).toBeGreaterThanOrEqual(400_000);
});

test('idle surplus is stopped, and the fleet goes to zero and wakes up again', async () => {
  const { call, events } = await start({
    concurrency: 1,
    max: 2,
    rules: { scalingTickMs: 50, averageWindowMs: 300, surplusHoldMs: 200, idleRetentionMs: 700 },
  });
  await Promise.all([call('/slow?ms=800'), call('/slow?ms=800')]);
  await until(() => statesOf(events).filter((state) => state === 'stopped AUTOSCALING').length === 2);
  expect((await call('/')).status).toBe(200);
});

test.each([
  [['no-such-program', 'x'], 30, 'command not found: no-such-program'],
  [['node', fixture('crash-at-start')], 30, 'exited with code 7 before it listened'],
  [['node', fixture('never-listens')], 1, 'did not pass its startup probe (tcp, 1 s) in time'],
] as const)('a service that cannot start is told in one line: %s', async (command, tries, message) => {
  const probe = { tcpSocket: {}, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: tries };
  const failed = await start({ command, probe }).catch((error: unknown) => error);
  expect(failed).toMatchObject({ kind: 'environment' });
  expect((failed as Error).message).toContain(message);
  if (command[1] === fixture('crash-at-start'))
    expect((failed as Error).message).toContain('the configuration is missing: ORDERS_KEY');
  expect(await waitUntilGone(emulators())).toEqual([]);
});

test('a service whose port is in use says so', async () => {
  const { port } = database.address() as AddressInfo;
  const taken = createServer();
  await once(taken.listen(0), 'listening');
  const fixed = String((taken.address() as AddressInfo).port);
  expect(fixed).not.toBe(String(port));
  await expect(start({ command: ['node', fixture('fixed-port'), fixed] })).rejects.toThrow(
    'the port is in use',
  );
  taken.close();
});

test('an interruption during a slow start leaves nothing behind', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 300);
  await expect(start({ startupDelayMs: 20_000 }, abort.signal)).rejects.toMatchObject({
    kind: 'interrupted',
  });
  expect(await waitUntilGone(emulators())).toEqual([]);
});

test('stop ends a process that ignores SIGTERM, and its whole group, after the grace', async () => {
  const { call, platform, events } = await start({ command: ['node', fixture('stubborn')] });
  const family = descendantsOf(process.pid);
  expect(await call('/').then((r) => r.json())).toHaveLength(2);
  const begun = performance.now();
  await platform.stop(700);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(690);
  expect(stillRunning(family.filter(({ command }) => !command.includes('guard-main')))).toEqual([]);
  expect(statesOf(events).at(-1)).toBe('stopped SHUTDOWN');
  expect(events.at(-1)).toMatchObject({ signal: 'SIGKILL' });
  expect(await waitUntilGone(emulators())).toEqual([]);
});

test('when the emulator is killed, the run is told and no instance is left', async () => {
  const { call, platform } = await start({ command: ['node', fixture('stubborn')] });
  await call('/');
  const [emulator] = emulators();
  const family = descendantsOf(emulator!.pid);
  expect(family.length).toBeGreaterThanOrEqual(3);
  process.kill(emulator!.pid, 'SIGKILL');
  expect(await platform.lost).toContain('SIGKILL');
  expect(await waitUntilGone(family)).toEqual([]);
});

test('when the conducting process is killed, nothing is left within seconds', async () => {
  const orders = JSON.stringify(ordersOf({ command: ['node', fixture('stubborn')] }));
  const conductor = spawn(process.execPath, [fixture('conductor'), orders], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(conductor.stdout, 'data')) as [Buffer];
  await fetch(url.toString().trim());
  const family = descendantsOf(conductor.pid!);
  // Its guard, the emulator, the emulator's guard, the instance and the instance's child.
  expect(family.length).toBeGreaterThanOrEqual(5);
  conductor.kill('SIGKILL');
  expect(await waitUntilGone(family)).toEqual([]);
});
