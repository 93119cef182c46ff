import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { route, scenarioOf, steady } from './scenario.ts';

const phases = [steady('baseline', 20, 10_000), { ...steady('burst', 200, 5000), stress: true }] as const;
const requests = [
  route('read', { weight: 9 }),
  route('write', { weight: 1, method: 'POST', body: { kind: 'text', text: '1' } }),
] as const;

describe('a plan', () => {
  it('counts the arrivals of every phase and route', () => {
    const plan = makePlan(scenarioOf({ phases, requests }));
    expect(plan.arrivals.count).toBe(1200);
    expect(plan.phases.map(({ arrivals }) => arrivals)).toEqual([200, 1000]);
    expect(plan.phases.map(({ startUs, endUs }) => [startUs, endUs])).toEqual([
      [0, 10_000_000],
      [10_000_000, 15_000_000],
    ]);
    for (const { arrivals, arrivalsPerRoute } of plan.phases) {
      expect(arrivalsPerRoute).toHaveLength(2);
      expect(arrivalsPerRoute.reduce((sum, count) => sum + count, 0)).toBe(arrivals);
    }
  });

  it('is the same for the same scenario', () => {
    const wanted = { phases, requests, arrivals: 'poisson' } as const;
    expect(makePlan(scenarioOf(wanted))).toEqual(makePlan(scenarioOf(wanted)));
  });

  it('has a schedule hash that payloads and client settings leave alone', () => {
    const other = [route('read', { weight: 9, path: '/elsewhere', holdMs: 9 }), requests[1]] as const;
    const hash = makePlan(scenarioOf({ phases, requests })).scheduleHash;
    expect(makePlan(scenarioOf({ phases, requests: other, timeoutMs: 1, maxInFlight: 1 })).scheduleHash).toBe(
      hash,
    );
    expect(makePlan({ ...scenarioOf({ phases, requests }), seed: 8 }).scheduleHash).not.toBe(hash);
  });

  it('warns of arrivals of one moment that are more than may be in flight', () => {
    const atOnce = {
      ...steady('crowd', 0, 5000),
      shape: { kind: 'sync', ratePerSec: 0, requests: 300, everyMs: null },
    } as const;
    const checksFor = (maxInFlight: number) =>
      makePlan(scenarioOf({ phases: [atOnce], requests, maxInFlight })).checks.filter(
        ({ id }) => id === 'in-flight',
      );
    expect(checksFor(300)).toEqual([]);
    expect(checksFor(200)).toMatchObject([
      { level: 'warning', message: expect.stringContaining('100 of them will be dropped') as string },
    ]);
  });

  it('is refused when a feed in sequence runs out of rows, and when nobody knows how many it needs', () => {
    const place = { file: 'burst.yaml', line: 9, column: 3 };
    const cells = { bytes: new Uint8Array(), ends: new Uint32Array() };
    const items = {
      file: '/items.csv',
      pick: 'sequence',
      place,
      rows: 1199,
      columns: ['id'],
      cells,
    } as const;
    const ids = [route('read', { path: '/${data.items.id}' })] as const;
    const planOf = (wanted: Parameters<typeof scenarioOf>[0], rows: number) => () =>
      makePlan({ ...scenarioOf({ requests: ids, ...wanted }), data: { items: { ...items, rows } } });
    expect(planOf({ phases }, 1199)).toThrow('"items" has 1199 rows, and "read" has 1200 arrivals');
    expect(planOf({ phases }, 1200)).not.toThrow();
    const think = { law: 'constant', meanMs: 100 } as const;
    const closed = [{ ...steady('closed', 1, 1000), shape: { kind: 'closed', clients: 2, think } }] as const;
    expect(planOf({ phases: closed }, 1_000_000)).toThrow('may have any number of arrivals');
  });

  it('checks the budget of a rollout where the scenario deploys', () => {
    const wide = scenarioOf({ service: { maxInstances: 15 } });
    const place = { file: 'burst.yaml', line: 1, column: 1 };
    const levelOf = (scenario: Scenario) =>
      makePlan(scenario).checks.find(({ id }) => id === 'budget_rollout')?.level;
    expect(levelOf(wide)).toBe('warning');
    const deploys = { fault: { kind: 'revision.deploy' }, place } as unknown as Scenario['chaos'][0];
    const other = { fault: { kind: 'db.latency' }, place } as unknown as Scenario['chaos'][0];
    expect(levelOf({ ...wide, chaos: [other, deploys] })).toBe('refusal');
    expect(levelOf({ ...wide, chaos: [other] })).toBe('warning');
    expect(makePlan(wide).checks.map(({ id }) => id)).toContain('budget_overshoot');
  });

  it('is refused when it would not fit into memory, with the way out', () => {
    const huge = () => makePlan(scenarioOf({ phases: [steady('forever', 1_000_000, 3_600_000)] }));
    expect(huge).toThrow('the phases ask for 3600000000 arrivals; a run holds at most');
  });

  it("carries the server's limits, the budget and the static checks", () => {
    const plan = makePlan(scenarioOf());
    expect(plan.limits).toEqual({ maxConnections: 100, superuserReserved: 3, reservedConnections: 0 });
    expect(plan.budget).toMatchObject({ claim: 20, usable: 97 });
    expect(plan.checks.length).toBeGreaterThan(0);
  });
});
