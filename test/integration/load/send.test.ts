import { describe, expect, it } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { pingPlatform } from '../../../src/load/ping.ts';
import { planOf } from './plan.ts';
import { countBy, evenly, quantile, send, sendPlan, targetFor } from './target.ts';

describe.concurrent('planned load', () => {
  it('is sent exactly once per arrival, as the target counts it', async (test) => {
    const target = await targetFor(test);
    const requests = [
      { name: 'read', weight: 3, get: '/ok?n=${seq}' },
      { name: 'write', post: '/ok?n=${seq}', json: { sku: '${uuid}' } },
    ];
    const { load, attempts, plan } = await send(target.url, {
      traffic: evenly(200, 2000, { arrivals: 'poisson' }),
      requests,
    });
    const { lanes } = await load.finished;
    const numbers = (await target.seen()).map(({ url }) => Number(url.split('=')[1])).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: plan.arrivals.count }, (_, index) => index));
    expect(attempts.map(({ arrival }) => arrival).sort((a, b) => a - b)).toEqual(numbers);
    expect(countBy(attempts, ({ outcome }) => outcome)).toEqual({ ok: numbers.length });
    expect(lanes).toMatchObject([{ sent: numbers.length, dropped: 0, unfinished: 0 }]);
    expect(load.progress()).toMatchObject({ planned: numbers.length, ok: numbers.length, inFlight: 0 });
  });

  it('carries the route, the body and the phase that the plan says', async (test) => {
    const target = await targetFor(test);
    const requests = [{ name: 'write', post: '/ok?n=${seq}', body: '{"n":${seq}}' }];
    const { load, attempts } = await send(target.url, { traffic: evenly(20, 500), requests });
    await load.finished;
    const bodies = (await target.seen()).map(({ method, body }) => [method, body]);
    expect(bodies).toContainEqual(['POST', '{"n":7}']);
    expect(attempts[0]).toMatchObject({ attempt: 1, client: 0, route: 'write', phase: 'only', bytes: 2 });
  });

  it('goes on over new connections when the target closes each of them', async (test) => {
    const target = await targetFor(test);
    const requests = [{ name: 'close', get: '/close' }];
    const { load, attempts } = await send(target.url, { traffic: evenly(100, 1000), requests });
    await load.finished;
    expect(countBy(attempts, ({ outcome }) => outcome)).toEqual({ ok: 100 });
    expect(await target.seen()).toHaveLength(100);
  });

  it('has an end before it begins when nothing is planned', async (test) => {
    const target = await targetFor(test);
    const plan = await planOf({ traffic: evenly(10, 1000) });
    const empty = {
      count: 0,
      intendedUs: new Float64Array(),
      route: new Uint16Array(),
      phase: new Uint16Array(),
    };
    const { load, attempts } = await sendPlan(target.url, { ...plan, arrivals: empty });
    expect((await load.finished).lanes).toMatchObject([{ sent: 0, lag_p99_us: 0 }]);
    expect(attempts).toEqual([]);
  });
});

describe('the schedule', () => {
  it('starts with load start and keeps its times: never early, hardly late', async (test) => {
    const target = await targetFor(test);
    const wanted = { traffic: evenly(100, 2000) };
    const { load, attempts, plan, loadStartUs } = await send(target.url, wanted, 2500);
    const { lanes } = await load.finished;
    for (const { arrival, intendedUs, sentUs, endedUs } of attempts) {
      expect(intendedUs).toBe(loadStartUs + plan.arrivals.intendedUs[arrival]!);
      expect(sentUs).toBeGreaterThanOrEqual(intendedUs);
      expect(endedUs).toBeGreaterThanOrEqual(sentUs);
    }
    const lagUs = attempts.map(({ sentUs, intendedUs }) => sentUs - intendedUs);
    expect(quantile(lagUs, 0.5)).toBeLessThan(50_000);
    const [lane] = lanes;
    expect(lane!.lag_p50_us).toBeGreaterThanOrEqual(0.99 * quantile(lagUs, 0.5));
    expect(lane!.lag_max_us).toBeGreaterThanOrEqual(0.99 * quantile(lagUs, 1));
    expect(lane!.cpu_us).toBeGreaterThan(0);
    expect(lane!.loop_delay_max_us).toBeGreaterThanOrEqual(lane!.loop_delay_p99_us);
  });
});

describe.concurrent('the ping', () => {
  it('times requests that are no part of the load', async (test) => {
    const target = await targetFor(test);
    const ping = await pingPlatform(target.url, '/ping', makeRunClock(), 20);
    expect(ping.n).toBe(20);
    expect(ping.p50_us).toBeGreaterThan(0);
    expect(ping.p99_us).toBeGreaterThanOrEqual(ping.p50_us);
    expect(await target.seen()).toEqual([]);
  });

  it('says where nobody answers', async () => {
    await expect(pingPlatform('http://127.0.0.1:1', '/ping', makeRunClock(), 3)).rejects.toThrow(
      'the platform does not answer at http://127.0.0.1:1/ping',
    );
  });
});
