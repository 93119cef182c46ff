import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SimulatedFleet, type Simulation } from './simulated-fleet.ts';

function sendMany(fleet: SimulatedFleet, count: number, workMs: number): void {
  for (let sent = 0; sent < count; sent += 1) fleet.send(workMs);
}

async function deployed(simulation: Simulation): Promise<SimulatedFleet> {
  const simulated = new SimulatedFleet(simulation);
  const deploying = simulated.fleet.deploy();
  simulated.clock.advance(simulation.startupMs ?? 500);
  expect(await deploying).toBeNull();
  return simulated;
}

test('a deployment starts one instance, and it stays warm', async () => {
  const fleet = await deployed({});
  expect(fleet.instances.map(({ reason }) => reason)).toEqual(['DEPLOYMENT_ROLLOUT']);
  fleet.clock.advance(10 * 60_000);
  expect(fleet.ready()).toHaveLength(1);
});

test('a deployment whose instance does not start says how it ended', async () => {
  const simulated = new SimulatedFleet({ startFails: () => true });
  const deploying = simulated.fleet.deploy();
  simulated.clock.advance(500);
  expect(await deploying).toBe('ended');
  expect(simulated.alive()).toEqual([]);
});

test('a burst starts what its queue needs at once, not one instance per request', async () => {
  const fleet = await deployed({ concurrency: 4, maxInstances: 10 });
  // 4 run on the warm instance, 9 wait: three instances of 4 places cover them.
  sendMany(fleet, 13, 60_000);
  expect(fleet.instances).toHaveLength(4);
  fleet.clock.advance(500);
  expect(fleet.requests.every((request) => request.settledUs !== null)).toBe(true);
});

test('starts beyond the maximum are not made, and the queue is served as places come free', async () => {
  const fleet = await deployed({ concurrency: 2, maxInstances: 2 });
  sendMany(fleet, 8, 1000);
  fleet.clock.advance(4000);
  expect(fleet.peakAlive).toBe(2);
  expect(fleet.requests.map((request) => request.refused)).toEqual(Array.from({ length: 8 }, () => null));
});

test('waiting requests are served in the order of their arrival', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 1 });
  for (let sent = 0; sent < 6; sent += 1) {
    fleet.send(100);
    fleet.clock.advance(1);
  }
  fleet.clock.advance(2000);
  const served = fleet.requests.map((request) => request.settledUs ?? 0);
  expect(served).toEqual([...served].sort((a, b) => a - b));
});

test('at the maximum a request is refused with 429 after 10 s, not before', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 1 });
  fleet.send(60_000);
  const waiting = fleet.send(10);
  fleet.clock.advance(9_999);
  expect(waiting.settledUs).toBeNull();
  fleet.clock.advance(40);
  expect(waiting.refused).toBe('no_instance');
});

test('a slow start stretches the pending limit to 3.5 times the average startup', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 1, startupMs: 8000 });
  fleet.send(60_000);
  const waiting = fleet.send(10);
  fleet.clock.advance(27_990);
  expect(waiting.settledUs).toBeNull();
  fleet.clock.advance(40);
  expect(waiting.refused).toBe('no_instance');
});

test('a request whose start takes longer than the pending limit is refused as 500 below the maximum', () => {
  const fleet = new SimulatedFleet({ concurrency: 1, maxInstances: 2, startupMs: 15_000 });
  const waiting = fleet.send(10);
  fleet.clock.advance(10_050);
  expect(fleet.alive()).toHaveLength(1);
  expect(waiting.refused).toBe('no_instance_below_max');
});

test('the request timeout ends the wait when it is shorter than the pending limit', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 1, requestTimeoutMs: 2000 });
  fleet.send(60_000);
  const waiting = fleet.send(10);
  fleet.clock.advance(2050);
  expect(waiting.refused).toBe('timeout');
});

test('when the only start fails, those who waited for it are told so at once', () => {
  const fleet = new SimulatedFleet({ startFails: () => true });
  const waiting = fleet.send(10);
  fleet.clock.advance(520);
  expect(waiting.refused).toBe('startup_failed');
});

test('a failed start refuses nobody while another instance is still starting, which then serves all', () => {
  const fleet = new SimulatedFleet({ concurrency: 1, maxInstances: 2, startFails: (nth) => nth === 1 });
  const first = fleet.send(10);
  fleet.clock.advance(300);
  const second = fleet.send(10);
  expect(fleet.alive()).toHaveLength(2);
  fleet.clock.advance(250);
  // The first instance has failed; the second one needs 250 ms more.
  expect(fleet.alive()).toHaveLength(1);
  expect([first.settledUs, second.settledUs]).toEqual([null, null]);
  fleet.clock.advance(300);
  for (const request of [first, second]) {
    expect(request.refused).toBeNull();
    expect(request.settledUs).not.toBeNull();
  }
});

test('a failed start refuses nobody while an instance serves: those who wait get its next free place', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 2, startFails: (nth) => nth === 2 });
  fleet.send(2000);
  const waiting = fleet.send(10);
  fleet.clock.advance(600);
  expect(fleet.alive()).toHaveLength(1);
  expect(waiting.settledUs).toBeNull();
  fleet.clock.advance(1500);
  expect(waiting).toMatchObject({ refused: null, settledUs: expect.any(Number) as number });
});

test('when the last of several starts fails, all who wait are refused at once', () => {
  const fleet = new SimulatedFleet({ concurrency: 1, maxInstances: 2, startFails: () => true });
  const first = fleet.send(10);
  fleet.clock.advance(300);
  const second = fleet.send(10);
  fleet.clock.advance(501);
  for (const request of [first, second])
    expect(request).toMatchObject({ refused: 'startup_failed', settledUs: 800_000 });
});

test('failed starts are followed by growing pauses', () => {
  const fleet = new SimulatedFleet({ maxInstances: 1, startFails: () => true, startupMs: 10 });
  for (let second = 0; second < 60; second += 1) {
    fleet.send(10);
    fleet.clock.advance(1000);
  }
  // After 1, 2, 4, 8, 16, 32 s: six or seven starts in a minute, where 60 requests asked for one.
  expect(fleet.instances.length).toBeGreaterThanOrEqual(6);
  expect(fleet.instances.length).toBeLessThanOrEqual(7);
});

test('the minimum is started after the deployment, and replaced when one ends', async () => {
  const fleet = await deployed({ minInstances: 2 });
  fleet.clock.advance(6000);
  expect(fleet.instances.map(({ reason }) => reason)).toEqual(['DEPLOYMENT_ROLLOUT', 'MIN_INSTANCES']);
  fleet.ready()[0]?.crash();
  fleet.clock.advance(6000);
  expect(fleet.ready()).toHaveLength(2);
});

test('a fleet at zero is woken by a request and by nothing else', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 5 });
  sendMany(fleet, 5, 20_000);
  fleet.clock.advance(16 * 60_000 + 20_000);
  expect(fleet.alive()).toEqual([]);
  fleet.clock.advance(60_000);
  expect(fleet.alive()).toEqual([]);
  const request = fleet.send(10);
  fleet.clock.advance(500);
  expect(request).toMatchObject({ refused: null, settledUs: expect.any(Number) as number });
});

test('surplus goes after a minute without work, the last instance after 15 minutes', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 3 });
  sendMany(fleet, 3, 1000);
  fleet.clock.advance(1600);
  expect(fleet.ready()).toHaveLength(3);
  fleet.clock.advance(55_000);
  expect(fleet.ready()).toHaveLength(3);
  fleet.clock.advance(15_000);
  expect(fleet.ready()).toHaveLength(1);
  fleet.clock.advance(13 * 60_000);
  expect(fleet.ready()).toHaveLength(1);
  fleet.clock.advance(2 * 60_000);
  expect(fleet.alive()).toHaveLength(0);
});

test('50 sustained requests at concurrency 10 settle at nine instances, as measured on Cloud Run', async () => {
  const fleet = await deployed({ concurrency: 10, maxInstances: 10 });
  for (let second = 0; second < 180; second += 1) {
    sendMany(fleet, 50, 1000);
    fleet.clock.advance(1000);
  }
  expect(fleet.ready()).toHaveLength(9);
});

test('stopping refuses who waits, takes nobody new and ends with no instance', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 2 });
  sendMany(fleet, 4, 60_000);
  let stopped = false;
  void fleet.fleet.stopAll(1000).then(() => (stopped = true));
  const late = fleet.send(10);
  expect(late.refused).toBe('stopping');
  fleet.clock.advance(200);
  await Promise.resolve();
  await Promise.resolve();
  expect(stopped).toBe(true);
  expect(fleet.alive()).toEqual([]);
});

test('a lower maximum holds with the next tick, and who is busy ends its requests first', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 3 });
  sendMany(fleet, 3, 30_000);
  fleet.clock.advance(600);
  expect(fleet.ready()).toHaveLength(3);
  fleet.fleet.limit({ minInstances: 0, maxInstances: 1 }, true);
  fleet.clock.advance(6000);
  expect(fleet.alive()).toHaveLength(3);
  expect(fleet.alive().filter(({ inFlight }) => inFlight > 0)).toHaveLength(3);
  fleet.clock.advance(30_000);
  expect(fleet.alive()).toHaveLength(1);
  expect(fleet.requests.every(({ refused }) => refused === null)).toBe(true);
});

test('a request that never ends holds up a draining instance for the request timeout and no longer', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 2, requestTimeoutMs: 20_000 });
  sendMany(fleet, 2, 9_000_000);
  fleet.clock.advance(600);
  fleet.fleet.limit({ minInstances: 0, maxInstances: 1 }, true);
  fleet.clock.advance(19_000);
  expect(fleet.alive()).toHaveLength(2);
  fleet.clock.advance(7000);
  expect(fleet.alive()).toHaveLength(1);
});

test('a higher minimum is started at once', async () => {
  const fleet = await deployed({ maxInstances: 5 });
  fleet.fleet.limit({ minInstances: 3, maxInstances: 5 }, true);
  expect(fleet.alive()).toHaveLength(3);
});

test('beyond its maximum the fleet goes only while the knob is on, and only for demand', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 2 });
  fleet.fleet.overMax(2);
  fleet.clock.advance(10_000);
  expect(fleet.alive()).toHaveLength(1);
  sendMany(fleet, 8, 2000);
  expect(fleet.alive()).toHaveLength(4);
  fleet.fleet.overMax(1);
  fleet.clock.advance(20_000);
  expect(fleet.alive().length).toBeLessThanOrEqual(2);
});

test('an instance whose readiness probe fails gets nothing new and is not killed', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 1 });
  fleet.ready()[0]?.available(false);
  const waiting = fleet.send(10);
  fleet.clock.advance(3000);
  expect(waiting.settledUs).toBeNull();
  expect(fleet.ready()).toHaveLength(1);
  fleet.ready()[0]?.available(true);
  expect(waiting.refused).toBeNull();
  expect(waiting.settledUs).not.toBeNull();
});

test('refusing at once, a fleet at its maximum lets nobody wait', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 1 });
  fleet.fleet.rejectAtOnce(true);
  fleet.send(1000);
  expect(fleet.send(10)).toMatchObject({ refused: 'no_instance', settledUs: fleet.clock.nowUs });
});

test('a deployment that needs three instances is done when all three are ready, and fails with the first that is not', async () => {
  const well = new SimulatedFleet({ maxInstances: 5 });
  const deploying = well.fleet.deploy(3);
  well.clock.advance(600);
  expect(await deploying).toBeNull();
  expect(well.ready()).toHaveLength(3);
  const ill = new SimulatedFleet({ maxInstances: 5, startFails: (nth) => nth === 2 });
  const failing = ill.fleet.deploy(3);
  ill.clock.advance(600);
  expect(await failing).toBe('ended');
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      count: fc.integer({ min: 1, max: 12 }),
      workMs: fc.integer({ min: 1, max: 30_000 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), which: fc.nat() }) },
);

const simulation = fc.record({
  concurrency: fc.integer({ min: 1, max: 8 }),
  minInstances: fc.integer({ min: 0, max: 2 }),
  maxInstances: fc.integer({ min: 2, max: 5 }),
  startupMs: fc.integer({ min: 10, max: 9000 }),
  stopMs: fc.integer({ min: 1, max: 10_000 }),
  requestTimeoutMs: fc.constantFrom(5000, 300_000),
});

test('whatever happens: concurrency and maximum hold, every request settles, every 429 waited its limit', () => {
  fc.assert(
    fc.property(simulation, fc.array(step, { maxLength: 25 }), fc.nat(4), (given, steps, failEvery) => {
      const fleet = new SimulatedFleet({
        ...given,
        startFails: (nth) => failEvery > 1 && nth % failEvery === 0,
      });
      for (const next of steps) {
        if (next.kind === 'send') sendMany(fleet, next.count, next.workMs);
        if (next.kind === 'wait') fleet.clock.advance(next.ms);
        if (next.kind === 'crash') fleet.ready()[next.which % (fleet.ready().length || 1)]?.crash();
      }
      fleet.clock.advance(400_000);
      expect(fleet.peakInFlight).toBeLessThanOrEqual(given.concurrency);
      expect(fleet.peakAlive).toBeLessThanOrEqual(given.maxInstances);
      for (const request of fleet.requests) {
        expect(request.settledUs).not.toBeNull();
        const waitedMs = ((request.settledUs ?? 0) - request.arrivedUs) / 1000;
        const refused = request.refused;
        if (refused === 'no_instance' || refused === 'no_instance_below_max')
          expect(waitedMs).toBeGreaterThanOrEqual(10_000);
        if (refused === 'timeout') expect(waitedMs).toBeGreaterThanOrEqual(given.requestTimeoutMs);
        expect(waitedMs).toBeLessThanOrEqual(Math.min(given.requestTimeoutMs, 3.5 * 9000) + 10_000);
      }
    }),
    { numRuns: 60 },
  );
});

test('an instance that has come to its end takes nothing more, although it is still there', async () => {
  const fleet = await deployed({ concurrency: 1, minInstances: 2, maxInstances: 2 });
  fleet.clock.advance(6000);
  const [broken, sound] = fleet.ready();
  broken!.leave();
  for (let sent = 0; sent < 10; sent += 1) {
    const { settledUs } = fleet.send(10);
    expect(settledUs).toBe(fleet.clock.nowUs);
    expect(sound!.inFlight).toBe(1);
    fleet.clock.advance(10);
  }
  // It counts against the maximum until nothing of it is left.
  fleet.clock.advance(6000);
  expect(fleet.instances).toHaveLength(2);
  broken!.crash();
  fleet.clock.advance(6000);
  expect(fleet.ready()).toHaveLength(2);
});

test('an instance is told when its first request comes and when its last one has left, which its CPU depends on', async () => {
  const fleet = await deployed({ concurrency: 2, maxInstances: 1 });
  fleet.send(1000);
  fleet.send(2000);
  fleet.clock.advance(1500);
  expect(fleet.instances[0]?.told).toEqual(['idle', 'busy']);
  fleet.clock.advance(1000);
  expect(fleet.instances[0]?.told).toEqual(['idle', 'busy', 'idle']);
});

test('an instance that is not needed any more is told so, with ten seconds to end', async () => {
  const fleet = await deployed({ maxInstances: 1 });
  fleet.clock.advance(16 * 60_000);
  expect(fleet.instances.map(({ told }) => told)).toEqual([['idle', 'stop within 10000 ms: AUTOSCALING']]);
});

test('a stop of everything hurries those who are stopping already', async () => {
  const fleet = await deployed({ maxInstances: 1, stopMs: 60_000 });
  fleet.clock.advance(15 * 60_000 + 5000);
  expect(fleet.alive().map(({ state }) => state)).toEqual(['stopping']);
  void fleet.fleet.stopAll(1000);
  expect(fleet.instances[0]?.told.slice(1)).toEqual([
    'stop within 10000 ms: AUTOSCALING',
    'stop within 1000 ms: SHUTDOWN',
  ]);
});

test('a fleet that is stopping starts nothing, whoever waits and whatever its minimum', async () => {
  const fleet = await deployed({ minInstances: 2, maxInstances: 2, stopMs: 60_000 });
  void fleet.fleet.stopAll(1000);
  fleet.clock.advance(20_000);
  expect(fleet.instances).toHaveLength(1);
});

test('stopping is over when the last instance is gone, not before', async () => {
  const fleet = await deployed({ stopMs: 5000 });
  let stopped = false;
  void fleet.fleet.stopAll(1000).then(() => (stopped = true));
  fleet.clock.advance(4999);
  await Promise.resolve();
  await Promise.resolve();
  expect(stopped).toBe(false);
});

test('who has waited through a failed start is told so, although another instance is starting by then', () => {
  const fleet = new SimulatedFleet({
    concurrency: 1,
    maxInstances: 2,
    startupMs: 8000,
    startFails: (nth) => nth === 1,
  });
  const first = fleet.send(10);
  fleet.clock.advance(5000);
  const second = fleet.send(10);
  fleet.clock.advance(5050);
  expect(first.refused).toBe('startup_failed');
  fleet.clock.advance(3000);
  expect(second).toMatchObject({ refused: null, settledUs: 13_000_000 });
});

test('a request that came after a failed start is not told of it', () => {
  const fleet = new SimulatedFleet({
    concurrency: 1,
    maxInstances: 2,
    startupMs: 2000,
    startFails: (nth) => nth === 1,
  });
  fleet.send(60_000);
  fleet.clock.advance(1000);
  fleet.send(60_000);
  fleet.clock.advance(1500);
  const late = fleet.send(10);
  fleet.clock.advance(10_050);
  expect(late.refused).not.toBe('startup_failed');
});

test('a start that ends while others work is no reason to tell anyone of failed starts', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 2, startFails: (nth) => nth >= 2 });
  fleet.send(60_000);
  const waiting = fleet.send(10);
  fleet.clock.advance(10_050);
  expect(waiting.refused).toBe('no_instance_below_max');
});

test('an instance that comes to its end while it starts is a failed start', () => {
  const fleet = new SimulatedFleet({ maxInstances: 1 });
  const waiting = fleet.send(10);
  fleet.instances[0]!.leave();
  fleet.clock.advance(100);
  expect(waiting.settledUs).toBeNull();
  fleet.instances[0]!.crash();
  expect(waiting.refused).toBe('startup_failed');
});

test('an instance that ends after it was ready is no failed start: the next one is started at once', async () => {
  const fleet = await deployed({ maxInstances: 1 });
  fleet.ready()[0]!.crash();
  const request = fleet.send(10);
  expect(fleet.alive()).toHaveLength(1);
  fleet.clock.advance(500);
  expect(request.refused).toBeNull();
});

test('a minimum whose starts fail is tried again after growing pauses', () => {
  const fleet = new SimulatedFleet({ minInstances: 1, startFails: () => true, startupMs: 10 });
  fleet.clock.advance(5 * 60_000);
  // Each tick of 5 s would be 60 starts.
  expect(fleet.instances.length).toBeGreaterThanOrEqual(7);
  expect(fleet.instances.length).toBeLessThanOrEqual(11);
});

test('half an instance beyond the maximum is a whole one', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 3 });
  fleet.fleet.overMax(1.5);
  sendMany(fleet, 9, 2000);
  expect(fleet.alive()).toHaveLength(5);
});

test('refusing at once is for those who find no place, and ends when it is turned off', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 2 });
  fleet.fleet.rejectAtOnce(true);
  expect(fleet.send(1000).refused).toBeNull();
  expect(fleet.send(10).refused).toBe('no_instance_below_max');
  fleet.fleet.rejectAtOnce(false);
  const waiting = fleet.send(10);
  fleet.clock.advance(600);
  expect(waiting).toMatchObject({ refused: null, settledUs: expect.any(Number) as number });
});

test('requests go to the minimum first, also to one that was raised while instances ran', async () => {
  const fleet = await deployed({ concurrency: 4, maxInstances: 4 });
  sendMany(fleet, 16, 2000);
  fleet.clock.advance(3000);
  expect(fleet.ready()).toHaveLength(4);
  fleet.fleet.limit({ minInstances: 2, maxInstances: 4 }, true);
  sendMany(fleet, 8, 1000);
  expect(fleet.ready().map(({ inFlight }) => inFlight)).toEqual([4, 4, 0, 0]);
  fleet.clock.advance(2000);
  fleet.fleet.limit({ minInstances: 1, maxInstances: 4 }, true);
  sendMany(fleet, 4, 1000);
  expect(fleet.ready().map(({ inFlight }) => inFlight)).toEqual([4, 0, 0, 0]);
});

test('what is queued and in flight is known at any time', async () => {
  const fleet = await deployed({ concurrency: 2, maxInstances: 1 });
  sendMany(fleet, 5, 1000);
  expect(fleet.fleet.load).toEqual({ inFlight: 2, queued: 3 });
  expect(fleet.fleet.size).toEqual({ starting: 0, ready: 1, stopping: 0 });
  fleet.clock.advance(1000);
  expect(fleet.fleet.load).toEqual({ inFlight: 2, queued: 1 });
  fleet.clock.advance(5000);
  expect(fleet.fleet.load).toEqual({ inFlight: 0, queued: 0 });
});

test('a draining instance is one that stops, and is stopped as soon as its requests are answered', async () => {
  const fleet = await deployed({ concurrency: 1, maxInstances: 2 });
  sendMany(fleet, 2, 30_000);
  fleet.clock.advance(600);
  fleet.fleet.limit({ minInstances: 0, maxInstances: 1 }, true);
  expect(fleet.fleet.size).toEqual({ starting: 0, ready: 1, stopping: 1 });
  fleet.clock.advance(29_800);
  expect(fleet.alive()).toHaveLength(1);
});
