import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { planOf } from './plan.ts';
import { countBy, evenly, send, sendPlan, targetFor } from './target.ts';

const never = [{ name: 'never', get: '/never' }];

describe.concurrent('a target that never answers', () => {
  it('gets no more than max_in_flight requests; the other arrivals are dropped and counted', async (test) => {
    const target = await targetFor(test);
    const wanted = {
      traffic: evenly(100, 300, { max_in_flight: 5 }),
      requests: never,
      client: { timeout: '1500ms' },
    };
    const { load, attempts } = await send(target.url, wanted);
    const { lanes } = await load.finished;
    expect(countBy(attempts, ({ outcome }) => outcome)).toEqual({ client_timeout: 5, dropped: 25 });
    expect(lanes).toMatchObject([{ sent: 5, dropped: 25, unfinished: 0 }]);
    expect(load.progress()).toMatchObject({ planned: 30, sent: 5, dropped: 25, inFlight: 0, failed: 5 });
    expect(await target.seen()).toHaveLength(5);
    for (const attempt of attempts.filter(({ outcome }) => outcome === 'dropped'))
      expect(attempt).toMatchObject({ endedUs: null, status: null, bytes: 0 });
  });

  it('is given up after the client timeout, each attempt for itself', async (test) => {
    const target = await targetFor(test);
    const { load, attempts } = await send(target.url, {
      traffic: evenly(40, 500),
      requests: never,
      client: { timeout: '400ms' },
    });
    await load.finished;
    expect(countBy(attempts, ({ outcome }) => outcome)).toEqual({ client_timeout: 20 });
    for (const { sentUs, endedUs } of attempts) {
      expect(endedUs! - sentUs).toBeGreaterThan(395_000);
      expect(endedUs! - sentUs).toBeLessThan(900_000);
    }
  });

  it('is left when load is stopped: what was open is unfinished, what was not due is not sent', async (test) => {
    const target = await targetFor(test);
    const { load, attempts, clock, loadStartUs } = await send(target.url, {
      traffic: evenly(50, 60_000),
      requests: never,
      client: { timeout: '30000ms' },
    });
    await delay((loadStartUs - clock.nowUs()) / 1000 + 600);
    const stoppedUs = clock.nowUs();
    load.stop(200);
    const { lanes } = await load.finished;
    expect(clock.nowUs() - stoppedUs).toBeLessThan(6_000_000);
    const { sent, unfinished } = lanes[0]!;
    expect(sent).toBeGreaterThan(10);
    expect(unfinished).toBe(sent);
    expect(countBy(attempts, ({ outcome }) => outcome)).toEqual({ unfinished: sent });
    expect(attempts.every(({ endedUs }) => endedUs === null)).toBe(true);
    expect(await target.seen()).toHaveLength(sent);
    expect(load.progress().inFlight).toBe(0);
  });
});

describe.concurrent('stopping', () => {
  it('lets what is in flight end in the time given', async (test) => {
    const target = await targetFor(test);
    const requests = [{ name: 'slow', get: '/slow?ms=300' }];
    const { load, attempts, clock, loadStartUs } = await send(target.url, {
      traffic: evenly(50, 60_000),
      requests,
    });
    await delay((loadStartUs - clock.nowUs()) / 1000 + 500);
    load.stop(5000);
    const { lanes } = await load.finished;
    expect(lanes[0]!.unfinished).toBe(0);
    expect(countBy(attempts, ({ outcome }) => outcome)).toEqual({ ok: lanes[0]!.sent });
  });

  it('works before the first arrival, more than once and after the end', async (test) => {
    const target = await targetFor(test);
    const { load, attempts } = await send(target.url, { traffic: evenly(50, 60_000) }, 10_000);
    load.stop(10_000);
    load.stop(0);
    expect((await load.finished).lanes).toMatchObject([{ sent: 0, dropped: 0 }]);
    load.stop(0);
    expect(attempts).toEqual([]);
    expect(await target.seen()).toEqual([]);
  });
});

describe.concurrent('a target that fails', () => {
  it('refuses connections: every arrival ends as conn_error', async () => {
    const { load, attempts } = await send('http://127.0.0.1:1', { traffic: evenly(100, 500) });
    await load.finished;
    expect(countBy(attempts, ({ outcome }) => outcome)).toEqual({ conn_error: 50 });
    expect(attempts[0]).toMatchObject({ status: null, bodyValid: null, bytes: 0 });
  });

  it('resets or cuts its answers short: conn_error, with what was seen of them', async (test) => {
    const target = await targetFor(test);
    const requests = [
      { name: 'reset', get: '/reset' },
      { name: 'truncated', get: '/truncated' },
    ];
    const { load, attempts } = await send(target.url, { traffic: evenly(50, 1000), requests });
    await load.finished;
    expect(countBy(attempts, ({ outcome }) => outcome)).toEqual({ conn_error: 50 });
    expect(attempts.find(({ route: name }) => name === 'reset')).toMatchObject({ status: null, bytes: 0 });
    expect(attempts.find(({ route: name }) => name === 'truncated')).toMatchObject({ status: 200, bytes: 4 });
    expect(await target.seen()).toHaveLength(50);
  });

  it('says why, and that is in the record', async (test) => {
    const target = await targetFor(test);
    const requests = [{ name: 'refusal', get: '/refusal' }];
    const { load, attempts } = await send(target.url, { traffic: evenly(10, 300), requests });
    await load.finished;
    expect(attempts[0]).toMatchObject({
      status: 503,
      outcome: 'pool_timeout',
      errorCode: 'pool_timeout',
      sqlstate: '53300',
      retryAfterMs: 2000,
      instance: 'api-1',
      revision: 'api-00001',
      receivedUs: 1234,
      acquireUs: 12_500,
      bytes: 10,
    });
    expect(load.progress()).toMatchObject({ ok: 0, refused: 3, failed: 0 });
  });

  it('claims success without the body that the route expects', async (test) => {
    const target = await targetFor(test);
    const requests = [{ name: 'empty', get: '/empty', expect: { body_not_empty: true } }];
    const { load, attempts } = await send(target.url, { traffic: evenly(10, 300), requests });
    await load.finished;
    expect(attempts[0]).toMatchObject({ status: 200, outcome: 'dishonest', bodyValid: false });
  });
});

describe.concurrent('a request that cannot be written down', () => {
  it('ends the load with the reason, and is not charged to the target', async (test) => {
    const target = await targetFor(test);
    const plan = await planOf({ traffic: evenly(10, 300) });
    const [request] = plan.scenario.requests;
    // The file refuses it; what a template fills in is only known when it does.
    const scenario = { ...plan.scenario, requests: [{ ...request, path: '/no blanks' }] as const };
    const { load, attempts } = await sendPlan(target.url, { ...plan, scenario });
    await expect(load.finished).rejects.toThrow(InputError);
    await expect(load.finished).rejects.toThrow('/no blanks');
    expect(attempts).toEqual([]);
  });
});
