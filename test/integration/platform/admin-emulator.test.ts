import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import type { FaultTarget } from '../../../src/chaos/fault-target.ts';
import { startChaos } from '../../../src/chaos/start-chaos.ts';
import type { FaultEvent, RunEvent } from '../../../src/evidence/event.ts';
import type { CloudRunAdmin } from '../../../src/platform/cloud-run/cloud-run-admin.ts';
import { connectAdmin } from '../../../src/platform/cloud-run/connect-admin.ts';
import { emulatorControl } from '../../../src/platform/local/emulator-control.ts';
import { startEmulator, type RunningEmulator } from '../../../src/platform/local/emulator.ts';
import { documentedRules } from '../../../src/platform/local/rules.ts';
import type { EmulatorControl } from '../../../src/platform/platform.ts';
import type { Fault } from '../../../src/scenario/chaos/faults.ts';
import type { ChaosStep } from '../../../src/scenario/chaos/chaos-step.ts';
import { withoutDatabase } from '../../chaos/without-database.ts';
import { until } from '../../support/until.ts';

const fixtures = new URL('../../fixtures/platform/', import.meta.url).pathname;
/** Node refuses to start with it. */
const badOption = { NODE_OPTIONS: '--no-such-option' };
const clock = makeRunClock();
let guard: ProcessGuard;
const running: RunningEmulator[] = [];

beforeAll(() => {
  guard = startProcessGuard();
});

afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.stop(500);
});

afterAll(() => guard.dismiss());

interface Started {
  readonly admin: CloudRunAdmin;
  readonly control: EmulatorControl;
  readonly url: string;
  readonly events: RunEvent[];
}

async function start(startupDelayMs = 700): Promise<Started> {
  const events: RunEvent[] = [];
  const started = await startEmulator(
    {
      orders: {
        services: [
          {
            name: 'api',
            resource: {
              template: {
                containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }],
                scaling: { maxInstanceCount: 2 },
                maxInstanceRequestConcurrency: 1,
                timeout: '2s',
              },
            },
            programs: { app: { kind: 'process', command: ['node', `${fixtures}ok.mjs`] } },
            cwd: fixtures,
            secretFiles: {},
            startupDelayMs,
            database: null,
            port: 0,
          },
        ],
        profile: 'cloudrun',
        idleCpu: 'full',
        slotAfterTimeout: 'freed',
        project: 'demo',
        location: 'local',
        admin: { port: 0, token: 'secret', grpc: false },
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
  const endpoint = {
    url: emulator.adminUrl,
    token: 'secret',
    project: 'demo',
    location: 'local',
    grpc: null,
  };
  const admin = await connectAdmin(endpoint, 30_000);
  return { admin, control: emulatorControl(endpoint), url: emulator.urls['api']!, events };
}

test('a service is deployed, scaled, shifted and restored', async () => {
  const { admin } = await start(0);
  const before = await admin.snapshot('api');
  const first = (await admin.service('api')).latestReady;
  const { revision } = await admin.deploy('api', { env: { A: '1' } });
  expect((await admin.service('api')).traffic).toMatchObject([{ revision, percent: 100 }]);
  await admin.scale('api', { max: 2 });
  await admin.traffic('api', [
    { revision: first, percent: 25, tag: 'old' },
    { revision: null, percent: 75 },
  ]);
  expect(await admin.revisions('api')).toHaveLength(2);
  expect((await admin.service('api')).traffic.map(({ percent }) => percent)).toEqual([25, 75]);
  await admin.restore(before);
  expect(await admin.snapshot('api')).toEqual(before);
});

test('changes made during a rollout all come true', async () => {
  const { admin } = await start();
  const first = (await admin.service('api')).latestReady;
  const rollout = admin.deploy('api', { env: { A: '1' } });
  await delay(200);
  const scaled = admin.scale('api', { max: 1 });
  await delay(100);
  const shifted = admin.traffic('api', [{ revision: first, percent: 100 }]);
  await Promise.all([rollout, scaled, shifted]);
  expect(await admin.service('api')).toMatchObject({
    maxInstances: 1,
    traffic: [{ revision: first, percent: 100 }],
  });
});

test('a rollout that fails is told although another change waits behind it', async () => {
  const { admin } = await start();
  const failed = expect(admin.deploy('api', { env: badOption })).rejects.toThrow(/exited with code 9/);
  await delay(30);
  await admin.scale('api', { max: 1 });
  await failed;
});

test('a fault that nothing met is not confirmed', async () => {
  // Nobody calls: no instance starts, so none starts late.
  const told = await inflict({ kind: 'platform.slow_start', delayMs: 400 }, { load: 0, forMs: 1000 });
  expect(told.map(({ state }) => state)).toEqual(['started', 'undone']);
});

/** The emulator as the chaos room sees it. */
function targetOf({ admin, control, events }: Started): FaultTarget {
  return {
    disposable: true,
    deploy: (service, change) => admin.deploy(service, change),
    traffic: (service, lines) => admin.traffic(service, lines),
    scale: (service, limits) => admin.scale(service, limits),
    snapshot: async (service) => {
      const taken = await admin.snapshot(service);
      return { restore: (parts) => admin.restore(taken, parts) };
    },
    turn: (service, knob) => control.turn(service, knob),
    probeLinks: () => Promise.resolve([]),
    look: async () => {
      const service = (await control.status()).services[0]!;
      const revisions = service.revisions.map(({ instances, state, ...one }) => ({
        ...one,
        ready: state === 'ready' || state === 'retired',
        instances: instances.starting + instances.ready + instances.stopping,
      }));
      return { latestReady: service.latestReady, traffic: service.traffic, revisions };
    },
    recorded: (_service, sinceUs) => events.filter((event) => event.t_us >= sinceUs),
  };
}

interface Circumstances {
  /** Callers who want something all the time. */
  readonly load: number;
  /** They come once the fault is there: what they make the fleet start, starts under it. */
  readonly loadComesLater?: boolean;
  /** Where nothing is to be seen of the fault, it ends by itself; otherwise it is ended as soon as it was seen. */
  readonly forMs?: number;
}

/** Inflicts one fault, and tells what was recorded of it. */
async function inflict(fault: Fault, circumstances: Circumstances): Promise<readonly FaultEvent[]> {
  const { load, loadComesLater = false, forMs } = circumstances;
  const started = await start(50);
  const told: FaultEvent[] = [];
  const isTold = (state: FaultEvent['state']): boolean => told.some((event) => event.state === state);
  const over = new AbortController();
  const callers = Array.from({ length: load }, async () => {
    if (loadComesLater) await until(() => isTold('started'));
    while (!over.signal.aborted) {
      const answer = fetch(`${started.url}/?ms=300`, { signal: over.signal });
      await answer.then((response) => response.text()).catch(() => undefined);
      await delay(20);
    }
  });
  const forUs = 1000 * (forMs ?? 30_000);
  const step: ChaosStep = { id: 'x', atUs: 300_000, forUs, service: 'api', fault };
  const chaos = startChaos({
    ...withoutDatabase(),
    steps: [step],
    target: targetOf(started),
    clock,
    loadStartUs: clock.nowUs(),
    onEvent: (event) => told.push(event),
    signal: over.signal,
  });
  if (forMs === undefined)
    await until(
      () => isTold('confirmed'),
      () => JSON.stringify(told),
    );
  else await chaos.finished;
  expect(await chaos.stop()).toEqual([]);
  over.abort();
  await Promise.all(callers);
  return told;
}

test.each<readonly [Fault, number]>([
  [{ kind: 'revision.deploy', env: { A: '1' } }, 1],
  [{ kind: 'service.scale', maxInstances: 1 }, 1],
  [{ kind: 'instance.kill', count: 1 }, 1],
  [{ kind: 'instance.hang', count: 1 }, 1],
  [{ kind: 'platform.over_max', factor: 2 }, 8],
  [{ kind: 'platform.reject' }, 8],
])('%o is inflicted on real instances and seen by its trace', async (fault, load) => {
  const told = await inflict(fault, { load });
  const states = told.map(({ state }) => state);
  const ends = fault.kind === 'instance.kill' ? [] : ['undone'];
  expect(states, JSON.stringify(told)).toEqual(['started', 'confirmed', ...ends]);
});

test.each<Fault>([{ kind: 'platform.slow_start', delayMs: 400 }, { kind: 'platform.fail_start' }])(
  '%o is seen once an instance starts under it',
  async (fault) => {
    const told = await inflict(fault, { load: 6, loadComesLater: true });
    expect(
      told.map(({ state }) => state),
      JSON.stringify(told),
    ).toEqual(['started', 'confirmed', 'undone']);
  },
);
