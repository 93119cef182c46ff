import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf } from './plan.ts';
import { sendPlan, startTarget, type RunningTarget } from './target.ts';

let target: RunningTarget;
beforeAll(async () => {
  target = await startTarget(null, 'byte-target');
});
afterAll(() => target.stop());

const requests = [
  { name: 'read', weight: 3, get: '/orders/${rand_int(1,1000)}?n=${seq}', headers: { 'x-id': '${uuid}' } },
  { name: 'write', post: '/orders?n=${seq}', json: { sku: '${uuid}', count: 3 } },
  { name: 'text', put: '/notes/${rand_int(1,9)}?n=${seq}', body: 'höher ${uuid}' },
];

/** What was written to the target, by arrival. */
async function writtenWith(seed: number): Promise<readonly unknown[]> {
  const traffic = { phases: [{ name: 'only', duration: '500ms', rate: '300/s' }] };
  const plan = await planOf({ traffic, requests, seed });
  const { load } = await sendPlan(target.url, plan);
  await load.finished;
  const seen: readonly unknown[] = await target.seen();
  expect(seen).toHaveLength(plan.arrivals.count);
  return [...seen].sort((a, b) => arrivalOf(a) - arrivalOf(b));
}

function arrivalOf(request: unknown): number {
  return Number(/n=(\d+)/.exec(String(request))?.[1]);
}

describe('what is written to the target', () => {
  it('is the same to the byte for the same seed, and other for another', async () => {
    const first = await writtenWith(11);
    expect(await writtenWith(11)).toEqual(first);
    expect(await writtenWith(12)).not.toEqual(first);
  });
});
