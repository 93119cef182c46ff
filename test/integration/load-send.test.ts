import { afterEach, describe, expect, it } from 'vitest';
import { makeRunClock } from '../../src/base/clock.ts';
import { pingPlatform } from '../../src/load/ping.ts';
import { route } from '../plan/scenario.ts';
import { countBy, phase, quantile, send, startTarget, type RunningTarget } from './load-target.ts';

let target: RunningTarget | undefined;
afterEach(() => target?.stop());

/** Long enough for the threads to be ready even on a busy machine: these tests judge times. */
const readyMs = 2500;

describe('planned load', () => {
  it('is sent exactly once per arrival, as the target counts it', async () => {
    target = await startTarget();
    const requests = [
      route('read', { weight: 3, path: '/ok?n=${seq}' }),
      route('write', { method: 'POST', path: '/ok?n=${seq}', body: '{"sku":"${uuid}"}' }),
    ] as const;
    const { load, attempts, plan } = await send(target.url, {
      phases: phase(200, 2000),
      requests,
      arrivals: 'poisson',
    });
    const { lanes } = await load.finished;
    const numbers = (await target.seen()).map(({ url }) => Number(url.split('=')[1])).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: plan.arrivals.count }, (_, index) => index));
    expect(attempts.map(({ arrival }) => arrival).sort((a, b) => a - b)).toEqual(numbers);
    expect(countBy(attempts, ({ outcome }) => outcome)).toEqual({ ok: numbers.length });
    expect(lanes).toMatchObject([{ sent: numbers.length, dropped: 0, unfinished: 0 }]);
    expect(load.progress()).toMatchObject({ planned: numbers.length, ok: numbers.length, inFlight: 0 });
  });

  it('carries the route, the body and the phase that the plan says', async () => {
    target = await startTarget();
    const requests = [
      route('write', { method: 'POST', path: '/ok?n=${seq}', body: '{"n":${seq}}' }),
    ] as const;
    const { load, attempts } = await send(target.url, { phases: phase(20, 500), requests });
    await load.finished;
    const bodies = (await target.seen()).map(({ method, body }) => [method, body]);
    expect(bodies).toContainEqual(['POST', '{"n":7}']);
    expect(attempts[0]).toMatchObject({ attempt: 1, client: 0, route: 'write', phase: 'only', bytes: 2 });
  });

  it('starts with load start and keeps its times: never early, hardly late', async () => {
    target = await startTarget();
    const wanted = { phases: phase(100, 2000) };
    const { load, attempts, plan, loadStartUs } = await send(target.url, wanted, readyMs);
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

  it('does not wait for a target that stalls: response times say what callers would have felt', async () => {
    target = await startTarget({ afterMs: 1000, ms: 1000 });
    const { load, attempts } = await send(target.url, { phases: phase(100, 4000) }, readyMs);
    await load.finished;
    expect(attempts).toHaveLength(400);
    const lateMs = attempts.map(({ sentUs, intendedUs }) => (sentUs - intendedUs) / 1000);
    const responseMs = attempts.map(({ endedUs, intendedUs }) => (endedUs! - intendedUs) / 1000);
    expect(quantile(lateMs, 0.9)).toBeLessThan(400);
    // 100 of 400 arrive during the stall, their waits spread evenly over 0 to 1 s: half of them over 500 ms.
    expect(quantile(responseMs, 0.99)).toBeGreaterThan(900);
    expect(quantile(responseMs, 0.99)).toBeLessThan(1300);
    const long = responseMs.filter((ms) => ms > 500).length;
    expect(long).toBeGreaterThan(40);
    expect(long).toBeLessThan(110);
  });

  it('goes on over new connections when the target closes each of them', async () => {
    target = await startTarget();
    const requests = [route('close', { path: '/close' })] as const;
    const { load, attempts } = await send(target.url, { phases: phase(100, 1000), requests });
    await load.finished;
    expect(countBy(attempts, ({ outcome }) => outcome)).toEqual({ ok: 100 });
    expect(await target.seen()).toHaveLength(100);
  });

  it('has an end before it begins when nothing is planned', async () => {
    target = await startTarget();
    const { load, attempts } = await send(target.url, { phases: phase(0, 60_000) });
    expect((await load.finished).lanes).toMatchObject([{ sent: 0, lag_p99_us: 0 }]);
    expect(attempts).toEqual([]);
  });
});

describe('the ping', () => {
  it('times requests that are no part of the load', async () => {
    target = await startTarget();
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
