import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attempt } from '../../../src/evidence/attempt.ts';
import { sharingOf } from '../../../src/load/lane/lanes.ts';
import { cell } from '../../../src/load/lane/shared.ts';
import { clientOf, route } from '../../plan/scenario.ts';
import { feedOf } from '../../scenario/data/feeds.ts';
import { fakeTime, retryAfter, ScriptedLane, type FakeClock, type Respond } from './scripted-lane.ts';

let clock: FakeClock;

beforeEach(() => {
  clock = fakeTime();
});

afterEach(() => {
  vi.useRealTimers();
});

const answersIn =
  (ms: number, status = 200): Respond =>
  (connection) =>
    connection.answerIn(ms, status);
const silent: Respond = () => undefined;
const times = ({ intendedUs, sentUs, endedUs }: Attempt) => [intendedUs, sentUs, endedUs];

describe('the arrivals of a lane', () => {
  it('are sent at their intended times, and recorded with them', async () => {
    const run = new ScriptedLane(clock, answersIn(30), { arrivalsMs: [2, 5, 90], loadStartUs: 10_000 });
    await run.play();
    expect(run.attempts.map(times)).toEqual([
      [12_000, 12_000, 42_000],
      [15_000, 15_000, 45_000],
      [100_000, 100_000, 130_000],
    ]);
    expect(run.attempts.map(({ outcome, route, phase }) => [outcome, route, phase])).toEqual(
      Array.from({ length: 3 }, () => ['ok', 'ok', 'only']),
    );
    expect(run.reports).toMatchObject([{ lane: 0, sent: 3, retries: 0, dropped: 0, unfinished: 0 }]);
  });

  it('keep their intended times when the lane is woken late, and the lag is the lane’s', async () => {
    const run = new ScriptedLane(clock, answersIn(1), { arrivalsMs: [2, 5, 9] });
    await vi.advanceTimersByTimeAsync(12);
    run.lane.sendUpTo(3);
    await vi.runAllTimersAsync();
    expect(run.attempts.map(times)).toEqual([
      [2000, 12_000, 13_000],
      [5000, 12_000, 13_000],
      [9000, 12_000, 13_000],
    ]);
    expect(run.reports[0]?.lag_max_us).toBeCloseTo(10_000, -2);
  });

  it('are not sent early when the pacer publishes ahead', () => {
    clock.stepUs = 3;
    const run = new ScriptedLane(clock, silent, { arrivalsMs: [0.2] });
    run.lane.sendUpTo(1);
    expect(run.connections[0]?.sentUs).toBeGreaterThanOrEqual(200);
    expect(run.connections[0]?.sentUs).toBeLessThan(215);
  });

  it('are those of its share, numbered as all lanes number them', async () => {
    const sent = [0, 1].map((lane) => {
      const requests = [route('order', { path: '/orders/${seq}?row=${data.rows.n}' })] as const;
      const sharing = sharingOf(2, 1, false, 7);
      const data = {
        rows: feedOf(
          ['n'],
          ['0', '1', '2', '3', '4'].map((row) => [row]),
          'sequence',
        ),
      };
      const wanted = { arrivalsMs: [0, 0, 0, 0, 0], lane, sharing, firstArrival: 100, requests, data };
      const run = new ScriptedLane(clock, answersIn(1), wanted);
      run.lane.sendUpTo(5);
      return run;
    });
    await vi.runAllTimersAsync();
    const [even, odd] = sent.map(({ attempts, connections }) => ({
      arrivals: attempts.map(({ arrival }) => arrival),
      paths: connections.flatMap(({ requests }) => requests.map(({ path }) => path)),
    }));
    expect(even).toEqual({
      arrivals: [100, 102, 104],
      paths: ['/orders/100?row=0', '/orders/102?row=2', '/orders/104?row=4'],
    });
    expect(odd).toEqual({ arrivals: [101, 103], paths: ['/orders/101?row=1', '/orders/103?row=3'] });
  });

  it('teach the pacer on the first lane only, which measures for all of them', async () => {
    const sharing = sharingOf(2, 1, false, 7);
    const run = new ScriptedLane(clock, silent, { arrivalsMs: [1, 2], lane: 1, sharing });
    await vi.advanceTimersByTimeAsync(1);
    clock.stepUs = 160;
    run.lane.sendUpTo(1);
    expect(run.cells[cell.aheadUs]).toBe(0);
  });

  it('teach the pacer nothing when nothing new is due', async () => {
    const run = new ScriptedLane(clock, silent, { arrivalsMs: [1, 2] });
    await vi.advanceTimersByTimeAsync(1);
    clock.stepUs = 160;
    run.lane.sendUpTo(0);
    expect(run.cells[cell.aheadUs]).toBe(0);
  });

  it('teach the pacer how late the lane is woken', async () => {
    const run = new ScriptedLane(clock, silent, { arrivalsMs: [1, 2] });
    await vi.advanceTimersByTimeAsync(1);
    clock.stepUs = 160;
    run.lane.sendUpTo(1);
    expect(run.cells[cell.aheadUs]).toBe(10);
  });
});

describe('max_in_flight', () => {
  const wanted = { arrivalsMs: [0, 0, 0, 0, 0, 50], maxInFlight: 2 };

  it('drops what is over it, at once and for good, and counts it', async () => {
    const run = new ScriptedLane(clock, answersIn(20), wanted);
    run.lane.sendUpTo(5);
    expect(run.progress).toMatchObject({ sent: 2, dropped: 3, inFlight: 2 });
    const dropped = run.attempts.filter(({ outcome }) => outcome === 'dropped');
    expect(dropped.map(({ arrival, sentUs, endedUs, status }) => [arrival, sentUs, endedUs, status])).toEqual(
      [
        [2, 0, null, null],
        [3, 0, null, null],
        [4, 0, null, null],
      ],
    );
    await run.play();
    expect(run.progress).toMatchObject({ sent: 3, dropped: 3, inFlight: 0, ok: 3, failed: 0 });
    expect(run.reports).toMatchObject([{ sent: 3, dropped: 3 }]);
  });

  it('counts retries in flight too', async () => {
    const client = clientOf({ retry: retryAfter(10), deadlineMs: 1000 });
    const wanted = { arrivalsMs: [0, 17], maxInFlight: 1, client };
    const answers = [503, 200];
    const run = new ScriptedLane(clock, (connection) => connection.answerIn(5, answers.shift()), wanted);
    await run.play();
    expect(run.attempts.map(({ arrival, attempt, outcome }) => [arrival, attempt, outcome])).toEqual([
      [0, 1, 'shed'],
      [1, 1, 'dropped'],
      [0, 2, 'ok'],
    ]);
  });
});

describe('an attempt', () => {
  it('is given up after the client’s timeout, with its connection', async () => {
    const client = clientOf({ timeoutMs: 250 });
    const run = new ScriptedLane(clock, silent, { arrivalsMs: [3], client });
    await run.play();
    expect(run.attempts).toMatchObject([
      { outcome: 'client_timeout', sentUs: 3000, endedUs: 253_000, status: null, errorCode: null },
    ]);
    expect(run.connections.map(({ isDestroyed }) => isDestroyed)).toEqual([true]);
    expect(run.progress).toMatchObject({ inFlight: 0, failed: 1 });
  });

  it('that breaks is a connection error with the system’s word for it', async () => {
    const run = new ScriptedLane(clock, (connection) => connection.breakIn(7, 'ECONNRESET'), {
      arrivalsMs: [1, 20],
    });
    await run.play();
    expect(run.attempts).toMatchObject([
      { outcome: 'conn_error', errorCode: 'ECONNRESET', endedUs: 8000 },
      { outcome: 'conn_error', errorCode: 'ECONNRESET', endedUs: 27_000 },
    ]);
    expect(run.connections).toHaveLength(2);
  });

  it('goes out on the connection that was used last, or on a new one', async () => {
    const run = new ScriptedLane(clock, answersIn(10), { arrivalsMs: [0, 5, 30, 60] });
    await run.play();
    expect(run.connections.map(({ requests }) => requests.length)).toEqual([1, 3]);
    expect(run.connections.every(({ isDestroyed }) => isDestroyed)).toBe(true);
  });
});

describe('retries', () => {
  it('have the intended time that their policy chose', async () => {
    const client = clientOf({ retry: retryAfter(100), deadlineMs: 5000 });
    const run = new ScriptedLane(clock, answersIn(20, 503), { arrivalsMs: [5], client });
    await run.play();
    expect(run.attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(run.attempts.map(times)).toEqual([
      [5000, 5000, 25_000],
      [125_000, 125_000, 145_000],
      [245_000, 245_000, 265_000],
    ]);
    expect(run.progress).toMatchObject({ sent: 1, retries: 2, refused: 3, inFlight: 0 });
    expect(run.reports).toMatchObject([{ sent: 1, retries: 2, retry_lag_p99_us: 1 }]);
  });

  it('without a backoff are sent at once', async () => {
    const client = clientOf({ retry: retryAfter(0), deadlineMs: 5000 });
    const run = new ScriptedLane(clock, answersIn(20, 503), { arrivalsMs: [5], client });
    await run.play();
    expect(run.attempts.map(({ intendedUs, sentUs }) => [intendedUs, sentUs])).toEqual([
      [5000, 5000],
      [25_000, 25_000],
      [45_000, 45_000],
    ]);
  });

  it('end with the deadline of the request, which cuts the last attempt short', async () => {
    const client = clientOf({ retry: retryAfter(50), timeoutMs: 200, deadlineMs: 300 });
    const run = new ScriptedLane(clock, silent, { arrivalsMs: [0], client });
    await run.play();
    expect(run.attempts.map(({ intendedUs, endedUs, outcome }) => [intendedUs, endedUs, outcome])).toEqual([
      [0, 200_000, 'client_timeout'],
      [250_000, 300_000, 'client_timeout'],
    ]);
  });

  it('are not made of what was dropped', async () => {
    const client = clientOf({ retry: retryAfter(1), deadlineMs: 5000 });
    const run = new ScriptedLane(clock, silent, { arrivalsMs: [0], maxInFlight: 0, client });
    await run.play();
    expect(run.attempts.map(({ outcome }) => outcome)).toEqual(['dropped']);
    expect(run.reports).toHaveLength(1);
  });

  it('of one client share its budget', async () => {
    const budget = {
      kind: 'quota',
      initialTokens: 3,
      retryCost: 1,
      timeoutRetryCost: 1,
      successRefill: 0,
    } as const;
    const client = clientOf({ retry: retryAfter(10, { budget }), deadlineMs: 5000 });
    const run = new ScriptedLane(clock, answersIn(1, 503), { arrivalsMs: [0, 0, 0], client });
    await run.play();
    expect(run.progress).toMatchObject({ sent: 3, retries: 3 });
  });
});

describe('a lane that is stopped', () => {
  it('sends nothing more, waits for what is open, and counts the rest as unfinished', async () => {
    const respond: Respond = (connection, { path }) => connection.answerIn(path === '/0' ? 40 : 500);
    const requests = [route('r', { path: '/${seq}' })] as const;
    const run = new ScriptedLane(clock, respond, { arrivalsMs: [0, 0, 0, 20], requests });
    run.lane.sendUpTo(3);
    run.lane.stop(100);
    run.lane.sendUpTo(4);
    await vi.advanceTimersByTimeAsync(99);
    expect(run.reports).toEqual([]);
    await vi.runAllTimersAsync();
    expect(run.attempts.map(({ arrival, outcome, endedUs }) => [arrival, outcome, endedUs])).toEqual([
      [0, 'ok', 40_000],
      [1, 'unfinished', null],
      [2, 'unfinished', null],
    ]);
    expect(run.reports).toMatchObject([{ sent: 3, unfinished: 2, dropped: 0 }]);
    expect(run.progress).toMatchObject({ inFlight: 0, ok: 1, failed: 0 });
  });

  it('forgets the retries that are still to come', async () => {
    const client = clientOf({ retry: retryAfter(500), deadlineMs: 5000 });
    const run = new ScriptedLane(clock, answersIn(10, 503), { arrivalsMs: [0, 0], client });
    run.lane.sendUpTo(1);
    await vi.advanceTimersByTimeAsync(20);
    run.lane.stop(1000);
    expect(run.reports).toHaveLength(1);
    await vi.runAllTimersAsync();
    expect(run.attempts).toHaveLength(1);
    expect(run.reports).toHaveLength(1);
  });

  it('does not retry what ends while it drains', async () => {
    const client = clientOf({ retry: retryAfter(1), deadlineMs: 5000 });
    const run = new ScriptedLane(clock, answersIn(10, 503), { arrivalsMs: [0, 99], client });
    run.lane.sendUpTo(1);
    run.lane.stop(1000);
    await vi.runAllTimersAsync();
    expect(run.attempts).toHaveLength(1);
    expect(run.reports).toHaveLength(1);
  });
});

it('a client sends back the cookies of whole answers', async () => {
  const respond: Respond = (connection) => connection.answerIn(1, 200, { 'set-cookie': 'sid=a; Path=/' });
  const run = new ScriptedLane(clock, respond, { arrivalsMs: [0, 10], client: clientOf({ cookies: true }) });
  await run.play();
  const sent = run.connections.flatMap(({ requests }) => requests.map(({ extra }) => extra));
  expect(sent).toEqual([[], ['cookie', 'sid=a']]);
});

describe('closed clients on a lane', () => {
  const think = { law: 'constant', meanMs: 100 } as const;
  const closed = [{ phase: 0, startUs: 0, endUs: 1_000_000, clients: 3, think }] as const;

  it('ask, wait, think and ask again until their phase is over', async () => {
    const run = new ScriptedLane(clock, answersIn(50), { closed, arrivalsMs: [0] });
    await run.lane.warmUp();
    await run.play();
    // The first think ends at 100 ms; then one request each 150 ms, the last one at 850 ms.
    const ofClosed = run.attempts.filter(({ arrival }) => arrival > 0);
    for (const client of [0, 1, 2])
      expect(ofClosed.filter((one) => one.client === client).map(({ intendedUs }) => intendedUs)).toEqual([
        100_000, 250_000, 400_000, 550_000, 700_000, 850_000,
      ]);
    expect(ofClosed.map(({ arrival }) => arrival)).toEqual(
      Array.from({ length: 18 }, (_, index) => index + 1),
    );
    expect(run.reports).toMatchObject([{ sent: 19 }]);
  });

  it('number their arrivals apart from those of other lanes', async () => {
    const sharing = sharingOf(2, 3, false, 7);
    const runs = [0, 1].map(
      (lane) => new ScriptedLane(clock, answersIn(50), { closed, lane, sharing, firstArrival: 10 }),
    );
    await Promise.all(runs.map(({ lane }) => lane.warmUp()));
    await vi.runAllTimersAsync();
    const numbers = runs.flatMap(({ attempts }) => attempts.map(({ arrival }) => arrival));
    expect(new Set(numbers).size).toBe(18);
    expect(Math.min(...numbers)).toBe(10);
    expect(runs[1]!.attempts.every(({ arrival }) => arrival % 2 === 1)).toBe(true);
  });

  it('ask for routes by their weights', async () => {
    const requests = [route('rare'), route('often', { weight: 9 })] as const;
    const many = [{ ...closed[0], clients: 100 }];
    const run = new ScriptedLane(clock, answersIn(50), { closed: many, requests });
    await run.lane.warmUp();
    await vi.runAllTimersAsync();
    const rare = run.attempts.filter(({ route }) => route === 'rare').length;
    expect(run.attempts).toHaveLength(600);
    expect(rare).toBeGreaterThan(30);
    expect(rare).toBeLessThan(90);
  });

  it('ask nothing once the lane is stopped', async () => {
    const run = new ScriptedLane(clock, answersIn(50), { closed });
    await run.lane.warmUp();
    await vi.advanceTimersByTimeAsync(120);
    run.lane.stop(1000);
    await vi.runAllTimersAsync();
    expect(run.attempts).toHaveLength(3);
    expect(run.reports).toHaveLength(1);
  });
});

describe('warming up', () => {
  const wanted = { arrivalsMs: [0, 0], loadStartUs: 2_000_000, warmPath: '/warm', connectionsAhead: 3 };

  it('opens the connections that the load then uses, and counts for nothing', async () => {
    const run = new ScriptedLane(clock, answersIn(1), wanted);
    const warm = run.lane.warmUp();
    await vi.advanceTimersByTimeAsync(100);
    await warm;
    expect(run.connections.map(({ requests }) => requests.length)).toEqual([40, 40, 40]);
    expect(new Set(run.connections.flatMap(({ requests }) => requests.map(({ path }) => path)))).toEqual(
      new Set(['/warm']),
    );
    await run.play();
    expect(run.connections).toHaveLength(3);
    expect(run.attempts).toHaveLength(2);
    expect(run.reports).toMatchObject([{ sent: 2 }]);
  });

  it('leaves out connections that are not answered, and is over before the load starts', async () => {
    let asked = 0;
    const secondIsSilent: Respond = (connection) => {
      asked += 1;
      if (asked !== 2) connection.answerIn(100);
    };
    const run = new ScriptedLane(clock, secondIsSilent, wanted);
    const warm = run.lane.warmUp();
    await vi.advanceTimersByTimeAsync(1850);
    await warm;
    expect(run.connections.map(({ isDestroyed }) => isDestroyed)).toEqual([false, true, false]);
    await run.play();
    expect(run.connections).toHaveLength(3);
  });

  it('is not done with connections that carry one request each', async () => {
    const client = clientOf({ connections: 'fresh' });
    const run = new ScriptedLane(clock, answersIn(1), { ...wanted, client });
    await run.lane.warmUp();
    expect(run.connections).toHaveLength(0);
  });
});
