import { describe, expect, it } from 'vitest';
import { hashString, randomAt } from '../../../src/base/random.ts';
import { policies } from '../../../src/scenario/clients/client-policies.ts';
import type { Backoff, RetryPolicy } from '../../../src/scenario/clients/client.ts';
import { uniformPValue } from './kolmogorov.ts';
import { answered, follow, policyOf } from './policies.ts';

const arrivals = 2000;
const key = hashString('42/jitter');

/** Waits before every retry of many requests that always fail with a status, milliseconds. */
function waitsOf(policy: RetryPolicy, status: number): readonly (readonly number[])[] {
  const unlimited = { ...policy, budget: null };
  return Array.from({ length: arrivals }, (_, arrival) =>
    follow({
      policy: unlimited,
      end: (__, atUs) => answered(status, atUs),
      draw: (attempt) => randomAt(key, arrival, attempt),
    }).waitsUs.map((us) => us / 1000),
  );
}

/** Where in its range each wait before the k-th retry lies; `last` is the wait before the one before. */
function places(
  waits: readonly (readonly number[])[],
  k: number,
  range: (last: number) => readonly [number, number],
): readonly number[] {
  return waits.map((row) => {
    const [low, high] = range(row[k - 2] ?? NaN);
    return ((row[k - 1] ?? NaN) - low) / (high - low);
  });
}

const law = (more: Partial<Backoff>): RetryPolicy =>
  policyOf({
    maxAttempts: 5,
    backoff: { initialMs: 100, maxMs: 500, multiplier: 2, jitter: 'none', ...more },
  });

/** The bound before retry k of the laws above. */
const bound = (k: number): number => Math.min(500, 100 * 2 ** (k - 1));

describe('the law of backoffs', () => {
  it.each([1, 2, 3, 4])('full: U(0, b) before retry %i', (k) => {
    const waits = waitsOf(law({ jitter: 'full' }), 503);
    expect(uniformPValue(places(waits, k, () => [0, bound(k)]))).toBeGreaterThan(0.001);
  });

  it.each([1, 2, 3, 4])('equal: b/2 + U(0, b/2) before retry %i', (k) => {
    const waits = waitsOf(law({ jitter: 'equal' }), 503);
    expect(uniformPValue(places(waits, k, () => [bound(k) / 2, bound(k)]))).toBeGreaterThan(0.001);
  });

  it.each([1, 2, 3, 4])('decorrelated: U(initial, 3 x the one before) before retry %i', (k) => {
    const waits = waitsOf(law({ jitter: 'decorrelated', multiplier: 3, maxMs: 1e6 }), 503);
    const placed = places(waits, k, (last) => [100, 3 * (k === 1 ? 100 : last)]);
    expect(uniformPValue(placed)).toBeGreaterThan(0.001);
  });

  it('decorrelated: never above max, and often at it in the end', () => {
    const waits = waitsOf(law({ jitter: 'decorrelated', multiplier: 3 }), 503);
    const last = waits.map((row) => row[3] ?? NaN);
    expect(Math.max(...last)).toBe(500);
    expect(last.filter((ms) => ms === 500).length).toBeGreaterThan(arrivals / 10);
  });

  it('none: the bound itself', () => {
    const [first] = waitsOf(law({}), 503);
    expect(first).toEqual([100, 200, 400, 500]);
  });

  it.each([
    ['full', [0, 100]],
    ['equal', [50, 100]],
  ] as const)('%s is told from a law that is a twentieth wider', (jitter, [low, high]) => {
    const waits = waitsOf(law({ jitter }), 503);
    expect(uniformPValue(places(waits, 1, () => [low, 1.05 * high]))).toBeLessThan(0.001);
  });

  it('draws before two retries of a request have nothing to do with each other', () => {
    const waits = waitsOf(law({ jitter: 'full' }), 503);
    const [one, two] = [1, 2].map((k) => places(waits, k, () => [0, bound(k)]));
    const sums = one!.map((place, index) => (place + two![index]!) % 1);
    expect(uniformPValue(sums)).toBeGreaterThan(0.001);
  });
});

describe('the named policies', () => {
  const drawn = [
    ['grpc', 503, [100, 200, 400]],
    ['aws_standard', 500, [100, 200]],
    ['aws_standard', 503, [500, 1000]],
    ['aws_standard', 429, [500, 1000]],
    ['token_bucket', 503, [100, 200]],
  ] as const;

  it.each(drawn)('%s draws U(0, b) after a %i, b %j', (name, status, bounds) => {
    const waits = waitsOf(policies[name], status);
    expect(waits[0]).toHaveLength(bounds.length);
    bounds.forEach((high, index) =>
      expect(uniformPValue(places(waits, index + 1, () => [0, high]))).toBeGreaterThan(0.001),
    );
  });

  it.each([
    ['naive', [100, 200]],
    ['finagle', [0, 0]],
    ['linkerd', [0, 0]],
  ] as const)('%s waits exactly %j ms', (name, waits) => {
    expect(waitsOf(policies[name], 503)[0]).toEqual(waits);
  });

  it.each([
    ['grpc', 500],
    ['aws_standard', 501],
    ['linkerd', 429],
    ['naive', 404],
  ] as const)('%s does not retry a %i', (name, status) => {
    expect(waitsOf(policies[name], status)[0]).toEqual([]);
  });
});
