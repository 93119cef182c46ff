import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import type { RunEvent } from '../../../src/evidence/event.ts';
import type { JsonObject } from '../../../src/platform/json.ts';
import { emulatorControl } from '../../../src/platform/local/emulator-control.ts';
import { startEmulator, type RunningEmulator } from '../../../src/platform/local/emulator.ts';
import { documentedRules } from '../../../src/platform/local/rules.ts';
import type { EmulatorControl, ServiceStatus } from '../../../src/platform/platform.ts';
import { descendantsOf, type ProcessId } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

const fixtures = new URL('../../fixtures/platform/', import.meta.url).pathname;
const clock = makeRunClock();
const token = 'secret';
let guard: ProcessGuard;
const running: RunningEmulator[] = [];

beforeAll(() => {
  guard = startProcessGuard();
});

afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.stop(500);
});

afterAll(() => guard.dismiss());

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

interface Started {
  readonly emulator: RunningEmulator;
  readonly control: EmulatorControl;
  readonly events: RunEvent[];
  readonly patch: (change: JsonObject) => Promise<Answer>;
  readonly remove: (revision: string) => Promise<Answer>;
  /** What came of a change, once it has settled: why it failed, or undefined. */
  readonly outcome: (operation: Answer) => Promise<unknown>;
  readonly service: () => Promise<ServiceStatus>;
}

interface Shape {
  readonly program?: string;
  readonly profile?: 'cloudrun' | 'knative';
  readonly timeout?: string;
}

async function start(shape: Shape = {}): Promise<Started> {
  const { program = 'ok.mjs', profile = 'cloudrun', timeout = '30s' } = shape;
  const events: RunEvent[] = [];
  const { template } = templateOf('', { timeout });
  const services = [
    {
      name: 'api',
      resource: { template },
      programs: { app: { kind: 'process' as const, command: ['node', program] as [string, string] } },
      cwd: fixtures,
      secretFiles: {},
      startupDelayMs: 0,
      database: null,
      port: 0,
    },
  ] as const;
  const started = await startEmulator(
    {
      orders: {
        services: [...services],
        profile,
        idleCpu: 'full',
        slotAfterTimeout: 'held',
        project: 'demo',
        location: 'local',
        admin: { port: 0, token, grpc: false },
        originNs: String(clock.originNs),
        seed: 1,
        rules: documentedRules,
      },
      guard,
      onEvent: (event) => events.push(event),
      onOutput: () => undefined,
    },
    () => undefined,
  );
  if (started.kind === 'failed') throw new Error(started.problem.message);
  const { emulator } = started;
  running.push(emulator);
  const control = emulatorControl({
    url: emulator.adminUrl,
    token,
    project: 'demo',
    location: 'local',
    grpc: null,
  });
  const name = 'projects/demo/locations/local/services/api';
  const call = async (method: string, path: string, body?: JsonObject): Promise<Answer> => {
    const response = await fetch(`${emulator.adminUrl}/v2/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as JsonObject };
  };
  return {
    emulator,
    control,
    events,
    patch: (change) => call('PATCH', `${name}?updateMask=${Object.keys(change).join(',')}`, change),
    remove: (revision) => call('DELETE', `${name}/revisions/${revision}`),
    outcome: async ({ body }) => (await call('POST', `${String(body['name'])}:wait`, {})).body['error'],
    service: async () => (await control.status()).services[0]!,
  };
}

/** Another text makes another revision; Node refuses to start with a bad option. */
function templateOf(text = '', more: JsonObject = {}, gate?: Gate) {
  const env = text === '' ? [] : [{ name: text === 'bad' ? 'NODE_OPTIONS' : 'TEXT', value: `--${text}` }];
  if (gate !== undefined) env.push({ name: 'GATE', value: gate.file });
  return {
    template: { containers: [{ name: 'app', ports: [{ containerPort: 8080 }], env }], ...more },
  };
}

/** Keeps a revision from becoming ready, and so its change under way, until it is opened. */
interface Gate {
  readonly file: string;
  readonly open: () => void;
}

function makeGate(): Gate {
  const file = join(mkdtempSync(join(tmpdir(), 'poolproof-gate-')), 'open');
  return { file, open: () => writeFileSync(file, '') };
}

function instances(): readonly ProcessId[] {
  return descendantsOf(process.pid).filter(({ command }) => command.startsWith('node '));
}

test('a change that waited when the emulator was stopped starts nothing', async () => {
  const { emulator, patch, events } = await start();
  const started = () => events.filter((event) => event.kind === 'instance' && event.state === 'starting');
  await patch(templateOf('one', {}, makeGate()));
  await patch(templateOf('two'));
  await until(() => started().length === 2);
  await emulator.stop(500);
  await delay(300);
  expect(instances()).toEqual([]);
  expect(started()).toHaveLength(2);
});

test('traffic for a revision that did not start stays where it was', async () => {
  const { emulator, patch, outcome, service } = await start();
  const first = (await service()).latestReady;
  const traffic = [{ revision: 'api-bad', percent: 100 }];
  const rollout = await patch({ ...templateOf('bad', { revision: 'api-bad' }), traffic });
  expect(await outcome(rollout)).toHaveProperty('message', expect.stringMatching(/exited with code 9/));
  expect((await service()).traffic).toMatchObject([{ revision: first, percent: 100 }]);
  expect((await fetch(emulator.urls['api']!)).status).toBe(200);
  expect(await outcome(await patch({ traffic }))).toMatchObject({
    message: "Revision 'api-bad' is not ready and cannot serve traffic.",
  });
});

test('a template that names a revision which is there brings that one back, with the instances it has', async () => {
  const { emulator, patch, outcome, service } = await start();
  for (const text of ['one', 'two', 'one'])
    expect(await outcome(await patch(templateOf(text, { revision: `api-${text}` })))).toBeUndefined();
  const { latestReady, traffic, revisions } = await service();
  expect(latestReady).toBe('api-one');
  expect(traffic).toMatchObject([{ revision: 'api-one', percent: 100 }]);
  expect(revisions.map(({ instances: { ready } }) => ready)).toEqual([1, 1, 1]);
  expect(instances()).toHaveLength(3);
  await emulator.stop(500);
  expect(instances()).toEqual([]);
});

test('one of two waiting changes that give different templates the same name fails', async () => {
  const { emulator, patch, outcome } = await start();
  const gate = makeGate();
  await patch(templateOf('zero', {}, gate));
  const one = await patch(templateOf('one', { revision: 'api-same' }));
  const two = await patch(templateOf('two', { revision: 'api-same' }));
  gate.open();
  expect(await outcome(one)).toBeUndefined();
  expect(await outcome(two)).toMatchObject({
    message: "Revision named 'api-same' with different configuration already exists.",
  });
  await emulator.stop(500);
  expect(instances()).toEqual([]);
});

test('a revision that a waiting change sends the traffic to is not deleted', async () => {
  const { emulator, patch, remove, outcome, service } = await start();
  const gate = makeGate();
  const first = (await service()).latestReady!;
  expect(await outcome(await patch(templateOf('one')))).toBeUndefined();
  await patch(templateOf('two', {}, gate));
  const shift = await patch({ traffic: [{ revision: first, percent: 100 }] });
  expect((await remove(first)).status).toBe(400);
  gate.open();
  expect(await outcome(shift)).toBeUndefined();
  expect((await fetch(emulator.urls['api']!)).headers.get('x-poolproof-revision')).toBe(first);
});

test('of an odd minimum the revision that the traffic lists first gets more', async () => {
  const { patch, outcome, service } = await start();
  const first = (await service()).latestReady!;
  expect(await outcome(await patch(templateOf('one', { revision: 'api-one' })))).toBeUndefined();
  const traffic = ['api-one', first].map((revision) => ({ revision, percent: 50 }));
  expect(await outcome(await patch({ traffic, scaling: { minInstanceCount: 3 } }))).toBeUndefined();
  const { revisions } = await service();
  expect(revisions.map(({ name, minInstances }) => [name, minInstances])).toEqual([
    ['api-one', 2],
    [first, 1],
  ]);
});

test('an instance that is on its way out is not told to be killed', async () => {
  const { control, patch, outcome, remove, service } = await start({ program: 'stubborn.mjs' });
  const first = (await service()).latestReady!;
  expect(await outcome(await patch(templateOf('one')))).toBeUndefined();
  expect((await remove(first)).status).toBe(200);
  expect(await control.turn('api', { knob: 'kill', count: 2 })).toBe('killed i2');
  expect(await control.turn('api', { knob: 'kill', count: 2 })).toMatch(/^nothing killed/);
});

test.each([
  { profile: 'cloudrun' as const, fate: 'goes on', inFlight: 1 },
  { profile: 'knative' as const, fate: 'is cut off', inFlight: 0 },
])('under $profile a request that got its 504 $fate at the instance', async ({ profile, inFlight }) => {
  const { emulator, service } = await start({ profile, timeout: '1s' });
  expect((await fetch(`${emulator.urls['api']}/slow?ms=4000`)).status).toBe(504);
  // What is cut off is so at once; what goes on does for three seconds more.
  await delay(300);
  expect((await service()).revisions[0]).toMatchObject({ inFlight });
});
