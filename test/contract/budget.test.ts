import fc from 'fast-check';
import { expect, test } from 'vitest';
import { budgetOf } from '../../src/contract/budget.ts';
import type { ServerLimits, ServiceContract } from '../../src/contract/contract.ts';
import { contractOf, safeService } from './service.ts';
import { numberIn, vectorsOf } from './vectors.ts';

const limits: ServerLimits = { maxConnections: 100, superuserReserved: 3, reservedConnections: 0 };

test('there are vectors to hold the arithmetic against', () => {
  expect(vectorsOf('BUDGET-').length).toBeGreaterThanOrEqual(3);
});

test.each(vectorsOf('BUDGET-').map((vector) => [vector.id, vector] as const))(
  'the sum agrees with %s',
  (_, vector) => {
    const input = (key: string) => numberIn(vector, key);
    const contract = contractOf(
      {
        maxInstances: input('maxInstances'),
        workersPerInstance: input('workers'),
        poolMax: input('poolMax'),
        rolloutOverlap: input('overlap'),
      },
      input('headroom'),
    );
    const budget = budgetOf(contract, {
      maxConnections: input('maxConnections'),
      superuserReserved: input('reservedSlots'),
      reservedConnections: 0,
    });
    expect({
      claim: budget.claim,
      planned: budget.planned,
      rolloutClaim: budget.claimOverlap,
      rolloutPlanned: budget.rolloutPlanned,
      // What exceeding max instances twofold adds.
      overshootClaim: budget.overshootPlanned - budget.planned,
      usableSlots: budget.usable,
      fitsSteady: budget.fitsSteady,
      fitsRollout: budget.fitsRollout,
      fitsOvershoot2x: budget.fitsOvershoot,
    }).toEqual(vector.outputs);
  },
);

test('services that share a database are added up, background sessions included', () => {
  const worker = { ...safeService, name: 'worker', maxInstances: 2, poolMax: 3, backgroundSessions: 1 };
  const budget = budgetOf({ services: [safeService, worker], headroom: [], assumed: [] }, limits);
  expect(budget.services.map(({ claim }) => claim)).toEqual([20, 7]);
  expect(budget.claim).toBe(27);
  expect(budget.claimOverlap).toBe(54);
});

test('more instances, workers, sessions, overlap or headroom never make a claim smaller', () => {
  const growable = [
    'maxInstances',
    'workersPerInstance',
    'poolMax',
    'backgroundSessions',
    'rolloutOverlap',
  ] as const;
  const service = fc.record({
    maxInstances: fc.integer({ min: 1, max: 1000 }),
    workersPerInstance: fc.integer({ min: 1, max: 64 }),
    poolMax: fc.integer({ min: 1, max: 200 }),
    backgroundSessions: fc.nat(50),
    rolloutOverlap: fc.double({ min: 0, max: 3, noNaN: true }),
  });
  fc.assert(
    fc.property(service, fc.constantFrom(...growable), fc.nat(50), (given, key, headroom) => {
      const more: Partial<ServiceContract> = { ...given, [key]: given[key] + 1 };
      const before = budgetOf(contractOf(given, headroom), limits);
      const after = budgetOf(contractOf(more, headroom + 1), limits);
      expect(after.claim).toBeGreaterThanOrEqual(before.claim);
      expect(after.claimOverlap).toBeGreaterThanOrEqual(before.claimOverlap);
      expect(after.planned).toBeGreaterThan(before.planned);
      expect(before.claimOverlap).toBeGreaterThanOrEqual(before.claim);
      if (after.fitsRollout) expect(before.fitsRollout && before.fitsSteady).toBe(true);
    }),
  );
});
