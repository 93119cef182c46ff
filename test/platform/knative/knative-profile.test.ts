import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FleetObservation, ScalingLimits } from '../../../src/platform/local/fleet/scaler.ts';
import { makeKnativeProfile } from '../../../src/platform/local/knative/knative-profile.ts';
import { SimulatedFleet, type Simulation } from '../simulated-fleet.ts';

type Annotations = Readonly<Record<string, string>>;

const profileOf = (annotations: Annotations = {}) =>
  makeKnativeProfile(
    Object.fromEntries(
      Object.entries(annotations).map(([name, text]) => [`autoscaling.knative.dev/${name}`, text]),
    ),
  );

/** A fleet with its first instance ready, half a second after the start. */
async function deployed(simulation: Simulation, annotations: Annotations = {}): Promise<SimulatedFleet> {
  const simulated = new SimulatedFleet({
    concurrency: 10,
    maxInstances: 20,
    ...simulation,
    profile: profileOf(annotations),
  });
  const deploying = simulated.fleet.deploy();
  simulated.clock.advance(500);
  expect(await deploying).toBeNull();
  return simulated;
}

/** A fleet that has gone to zero. */
async function asleep(simulation: Simulation = {}, annotations: Annotations = {}): Promise<SimulatedFleet> {
  const simulated = await deployed(simulation, annotations);
  simulated.clock.advance(100_000);
  expect(simulated.alive()).toEqual([]);
  return simulated;
}

/** So many requests in flight at any time, for a while: each is followed by another. */
function sustain(simulated: SimulatedFleet, inFlight: number, ms: number): void {
  for (let passed = 0; passed < ms; passed += 500) {
    for (let sent = 0; sent < inFlight; sent += 1) simulated.send(500);
    simulated.clock.advance(500);
  }
}

test('no request: to zero after the stable window, when the activator was always in the path', async () => {
  const simulated = await deployed({});
  simulated.clock.advance(61_000);
  expect(simulated.ready()).toHaveLength(1);
  simulated.clock.advance(4_000);
  expect(simulated.alive()).toEqual([]);
});

test('no request: to zero after the stable window and the grace, when it has to be put in the path', async () => {
  const simulated = await deployed({}, { 'target-burst-capacity': '0' });
  simulated.clock.advance(91_000);
  expect(simulated.ready()).toHaveLength(1);
  simulated.clock.advance(4_000);
  expect(simulated.alive()).toEqual([]);
});

test('the last instance is kept for its retention', async () => {
  const simulated = await deployed({}, { 'scale-to-zero-pod-retention-period': '5m' });
  simulated.clock.advance(359_000);
  expect(simulated.ready()).toHaveLength(1);
  simulated.clock.advance(6_000);
  expect(simulated.alive()).toEqual([]);
});

test('at zero a request starts an instance at once, and waits for it', async () => {
  const simulated = await asleep();
  const before = simulated.instances.length;
  const request = simulated.send(100);
  expect(simulated.instances.slice(before).map(({ reason }) => reason)).toEqual(['AUTOSCALING']);
  simulated.clock.advance(500);
  expect([request.refused, request.settledUs! - request.arrivedUs]).toEqual([null, 500_000]);
});

test('with one place an instance, one request starts two: 1 / (1 x 70 %) is more than one', async () => {
  const simulated = await asleep({ concurrency: 1 });
  const before = simulated.instances.length;
  simulated.send(100);
  expect(simulated.instances).toHaveLength(before + 2);
});

test('from zero it starts as many as the activation scale says', async () => {
  const simulated = await asleep({}, { 'activation-scale': '4' });
  simulated.send(100);
  expect(simulated.alive()).toHaveLength(4);
});

test('sustained load: one instance for 7 of 10 places', async () => {
  const simulated = await deployed({});
  sustain(simulated, 35, 180_000);
  expect(simulated.ready()).toHaveLength(5);
});

test('a burst within the panic window starts instances in seconds, and none of them goes for a stable window', async () => {
  const simulated = await deployed({});
  sustain(simulated, 5, 70_000);
  expect(simulated.ready()).toHaveLength(1);
  sustain(simulated, 70, 8_000);
  const peak = simulated.ready().length;
  expect(peak).toBeGreaterThanOrEqual(8);
  // The panic was last extended when the first of them became ready, and holds for 60 s from there.
  sustain(simulated, 5, 50_000);
  expect(simulated.ready()).toHaveLength(peak);
  // From there it shrinks by half at most in one decision.
  sustain(simulated, 5, 50_000);
  expect(simulated.ready()).toHaveLength(1);
});

test('from a request at zero, through load and a burst, back to zero', async () => {
  const simulated = await asleep();
  simulated.send(100);
  simulated.clock.advance(1_000);
  expect(simulated.ready()).toHaveLength(1);
  sustain(simulated, 21, 70_000);
  expect(simulated.ready().length).toBeGreaterThanOrEqual(3);
  sustain(simulated, 100, 6_000);
  expect(simulated.ready().length).toBeGreaterThan(10);
  // 6 s until the panic window is empty, 60 s of panic, and a few ticks.
  simulated.clock.advance(80_000);
  expect(simulated.alive()).toEqual([]);
  expect(simulated.requests.every(({ refused }) => refused === null)).toBe(true);
});

test('requests a second scale by their rate, however short they are', async () => {
  const simulated = await deployed({}, { metric: 'rps', target: '10' });
  for (let sent = 0; sent < 90 * 21; sent += 1) {
    simulated.send(1);
    simulated.clock.advance(1000 / 21);
  }
  expect(simulated.ready()).toHaveLength(3);
});

test('the minimum starts without a request and stays', async () => {
  const simulated = await deployed({ minInstances: 3 });
  simulated.clock.advance(600_000);
  expect(simulated.instances.map(({ reason }) => reason)).toEqual([
    'DEPLOYMENT_ROLLOUT',
    'MIN_INSTANCES',
    'MIN_INSTANCES',
  ]);
  expect(simulated.ready()).toHaveLength(3);
});

test('the initial scale is started once, and left when there is no load', async () => {
  const simulated = await deployed({}, { 'initial-scale': '4' });
  simulated.clock.advance(3_000);
  expect(simulated.instances.map(({ reason }) => reason)).toEqual(Array(4).fill('DEPLOYMENT_ROLLOUT'));
  simulated.clock.advance(70_000);
  expect(simulated.alive()).toEqual([]);
});

test('a revision that nobody reaches loses its minimum', async () => {
  const simulated = await deployed({ minInstances: 2 });
  simulated.clock.advance(10_000);
  simulated.fleet.limit({ minInstances: 2, maxInstances: 20 }, false);
  simulated.clock.advance(100_000);
  expect(simulated.alive()).toEqual([]);
});

test('a maximum of zero allows none, whatever the load', async () => {
  const simulated = await deployed({});
  sustain(simulated, 20, 70_000);
  expect(simulated.ready().length).toBeGreaterThan(1);
  simulated.fleet.limit({ minInstances: 0, maxInstances: 0 }, true);
  simulated.clock.advance(6_000);
  expect(simulated.alive()).toEqual([]);
});

test('an instance that has ended is started again, whatever the load', async () => {
  const simulated = await deployed({ minInstances: 1 });
  simulated.clock.advance(10_000);
  simulated.ready()[0]!.crash();
  simulated.clock.advance(10_000);
  expect(simulated.ready()).toHaveLength(1);
});

test('without a burst to keep room for, so many wait as the proxies of the instances queue', async () => {
  const simulated = await deployed({ concurrency: 2, maxInstances: 1 }, { 'target-burst-capacity': '0' });
  for (let sent = 0; sent < 23; sent += 1) simulated.send(60_000);
  expect(simulated.requests.map(({ refused }) => refused)).toEqual([
    ...Array<null>(22).fill(null),
    'queue_full',
  ]);
});

test('a request waits until its own timeout, and the activator queues ten thousand', () => {
  const profile = profileOf();
  const limits = { concurrency: 4, minInstances: 0, maxInstances: 5 };
  expect(profile.pendingLimitUs(1_000)).toBeNull();
  expect([profile.queueDepth(limits, 0), profile.queueDepth(limits, 5)]).toEqual([10_000, 10_000]);
  expect(profile.queueDepth({ ...limits, concurrency: 0 }, 1)).toBe(Infinity);
});

test.each([
  [0, 'two_choices'],
  [1, 'first_available'],
  [3, 'first_available'],
  [4, 'round_robin'],
])('concurrency %i balances by %s', (concurrency, balancing) => {
  expect(profileOf().balancing({ concurrency, minInstances: 0, maxInstances: 1 })).toBe(balancing);
});

test('those with the least in flight are stopped first, of these the longest idle', () => {
  const limits: ScalingLimits = { concurrency: 10, minInstances: 0, maxInstances: 1 };
  const members = [
    { id: 'busy', inFlight: 3, idleSinceUs: 0, preferred: false },
    { id: 'idle', inFlight: 0, idleSinceUs: 9, preferred: false },
    { id: 'idler', inFlight: 0, idleSinceUs: 5, preferred: true },
    { id: 'quiet', inFlight: 1, idleSinceUs: 1, preferred: false },
  ];
  const seen: FleetObservation = {
    queued: 0,
    inFlight: 4,
    starting: 0,
    ready: 4,
    stopping: 0,
    members,
    reachable: true,
  };
  const scaler = profileOf().makeScaler(0, limits, 4);
  scaler.load(0, seen);
  expect(scaler.decide(2_000_000, seen, limits).stop).toEqual(['idler', 'idle', 'quiet']);
});

test('whatever the load, those that serve are within the bounds, and none has more in flight than its places', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 5 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 40 })), { maxLength: 12 }),
      (minInstances, beyond, loads) => {
        const maxInstances = Math.max(1, minInstances + beyond);
        const simulated = new SimulatedFleet({
          concurrency: 5,
          minInstances,
          maxInstances,
          profile: profileOf({ window: '6s' }),
        });
        void simulated.fleet.deploy();
        simulated.clock.advance(4_000);
        for (const [inFlight, halves] of loads) {
          sustain(simulated, inFlight, halves * 500);
          const serving = simulated.instances.filter(
            ({ state }) => state === 'ready' || state === 'starting',
          );
          expect(serving.length).toBeLessThanOrEqual(maxInstances);
          expect(serving.length).toBeGreaterThanOrEqual(minInstances);
          expect(simulated.peakInFlight).toBeLessThanOrEqual(5);
        }
      },
    ),
    { numRuns: 10 },
  );
}, 60_000);
