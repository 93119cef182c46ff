import { describe, expect, it } from 'vitest';
import { laneOrders, longestUs } from '../../../src/load/lane/lane-orders.ts';
import { sharingOf } from '../../../src/load/lane/lanes.ts';
import { shareSchedule } from '../../../src/load/lane/shared.ts';
import type { LoadOrders } from '../../../src/load/load.ts';
import { planLoad } from '../../../src/plan/load-plan.ts';
import { noRetry } from '../../../src/scenario/clients/client.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { clientOf, route, safeService, scenarioOf, shaped, steady } from '../../plan/scenario.ts';

const think = { law: 'constant', meanMs: 100 } as const;
const closed = shaped('talk', 3000, { kind: 'closed', clients: 4, think });

function ordersFor(scenario: Scenario, lanes: number, more: Partial<LoadOrders> = {}) {
  const plan = planLoad(scenario);
  const shared = shareSchedule(plan.arrivals, lanes);
  const sharing = sharingOf(lanes, scenario.client.count, false, scenario.seed);
  const orders = laneOrders(
    {
      plan,
      url: 'http://127.0.0.1:8080',
      clock: { originNs: 17n, nowUs: () => 0 },
      loadStartUs: 2_000_000,
      onAttempts: () => undefined,
      ...more,
    },
    { shared, sharing, peakPerSec: 1000, token: 'secret' },
  );
  return { orders, shared, sharing };
}

describe('the orders of the lanes', () => {
  it('are the same for all, but for the number of the lane', () => {
    const scenario = {
      ...scenarioOf({ maxInFlight: 50 }),
      requests: [route('read'), route('write')] as const,
    };
    const { orders, shared, sharing } = ordersFor(scenario, 3);
    expect(orders).toHaveLength(3);
    for (const [lane, order] of orders.entries())
      expect(order).toEqual({
        lane,
        firstArrival: 0,
        shared,
        sharing,
        originNs: 17n,
        loadStartUs: 2_000_000,
        url: 'http://127.0.0.1:8080',
        warmPath: null,
        // 1000 / 3 a second for a tenth of a second would be 34; the lane's share of what may be in flight is less.
        connectionsAhead: 17,
        maxInFlight: 50,
        client: scenario.client,
        acquireTimeoutMs: 1000,
        seed: 7,
        requests: scenario.requests,
        data: {},
        phases: ['only'],
        closed: [],
        token: 'secret',
      });
  });

  it('number the arrivals of a second load on from those of the first, and warm up where there is a path for it', () => {
    const { orders } = ordersFor(scenarioOf(), 1, { firstArrival: 500, warmPath: '/warm' });
    expect(orders).toMatchObject([{ firstArrival: 500, warmPath: '/warm' }]);
  });

  it('have the closed phases on the run clock, with their place among all phases', () => {
    const { orders } = ordersFor(scenarioOf({ phases: [steady('calm', 10, 1000), closed] }), 1);
    expect(orders[0]?.phases).toEqual(['calm', 'talk']);
    expect(orders[0]?.closed).toEqual([
      { phase: 1, startUs: 3_000_000, endUs: 6_000_000, clients: 4, think },
    ]);
  });

  it('tell a pool timeout by the acquire timeout of the service under load, not of its neighbour', () => {
    const scenario = scenarioOf();
    const neighbour = { ...safeService, name: 'jobs', acquireTimeoutMs: 9000 };
    const contract = { ...scenario.contract, services: [neighbour, ...scenario.contract.services] as const };
    expect(ordersFor({ ...scenario, contract }, 1).orders).toMatchObject([{ acquireTimeoutMs: 1000 }]);
  });
});

describe('the longest that a load can take', () => {
  const longest = (client: Partial<Scenario['client']>, scenario = scenarioOf()): number =>
    longestUs(planLoad({ ...scenario, client: clientOf({ timeoutMs: 5000, deadlineMs: 8000, ...client }) })) /
    1e6;
  const twice = { ...noRetry, maxAttempts: 2 };

  it('is up to the last arrival and its timeout', () => {
    // 100/s for a second, evenly spaced: the last one is sent half a gap before the end.
    expect(longest({})).toBeCloseTo(0.995 + 5, 6);
  });

  it('is up to the deadline of the whole request where there are retries', () => {
    expect(longest({ retry: twice })).toBeCloseTo(0.995 + 8, 6);
    expect(longest({ retry: { ...noRetry, layers: 2 } })).toBeCloseTo(0.995 + 8, 6);
    expect(longest({ retry: twice, timeoutMs: 9000 })).toBeCloseTo(0.995 + 9, 6);
  });

  it('is up to the end of the last closed phase, whose clients may ask until then', () => {
    expect(longest({}, scenarioOf({ phases: [closed] }))).toBeCloseTo(3 + 5, 6);
    expect(longest({}, scenarioOf({ phases: [closed, steady('calm', 1, 2000)] }))).toBeCloseTo(4.5 + 5, 6);
  });
});
