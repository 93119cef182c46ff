import { expect, test } from 'vitest';
import { checkContract } from '../../src/contract/check-contract.ts';
import type { Contract } from '../../src/contract/contract.ts';
import { contractOf } from './service.ts';

const limits = { maxConnections: 100, superuserReserved: 3, reservedConnections: 0 };
const plain = { rollout: false, cloudRun: false };

function check(contract: Contract, id: string, setting = plain) {
  const found = checkContract(contract, limits, setting).find((one) => one.id === id);
  return found === undefined
    ? undefined
    : `${found.level}${found.overcommit ? ' (may be accepted)' : ''}: ${found.message}`;
}

test('a budget that fits says so with its whole sum', () => {
  expect(check(contractOf({}, 30), 'budget_steady')).toBe(
    'ok: api 5 instances x 1 worker x 4 sessions = 20; 20 claim + 30 headroom = 50 of 100 max_connections - 3 reserved = 97 usable',
  );
});

test('a budget that does not fit is refused, and may be accepted in words', () => {
  const bad = contractOf({ maxInstances: 30, poolMax: 10 });
  expect(check(bad, 'budget_steady')).toMatch(
    /^refusal \(may be accepted\): .*= 300;.* 97 usable: it does not fit$/,
  );
});

test('a rollout that does not fit is a warning, and a refusal where the scenario deploys', () => {
  const wide = contractOf({ maxInstances: 15 });
  expect(check(wide, 'budget_rollout')).toMatch(/^warning: during a rollout api 60 x \(1 \+ 1\) = 120;/);
  expect(check(wide, 'budget_rollout', { ...plain, rollout: true })).toMatch(/^refusal \(may be accepted\):/);
});

test('what Cloud Run may add on its own is checked only on Cloud Run', () => {
  expect(check(contractOf({}), 'budget_overshoot')).toBeUndefined();
  expect(check(contractOf({}, 60), 'budget_overshoot', { ...plain, cloudRun: true })).toMatch(
    /^warning: .*2 x 20 \+ 60/,
  );
  expect(check(contractOf({}), 'budget_overshoot', { ...plain, cloudRun: true })).toMatch(/^ok:/);
});

test('timeouts have to be in order and to fit into the request', () => {
  expect(check(contractOf({}), 'timeout_order')).toMatch(
    /^ok: api: acquire 1000 ms < statement 5000 ms < request 30000 ms$/,
  );
  expect(check(contractOf({ acquireTimeoutMs: 5000 }), 'timeout_order')).toMatch(/^refusal .*does not hold$/);
  expect(check(contractOf({ requestTimeoutMs: 5000 }), 'timeout_order')).toMatch(/^refusal/);
  expect(check(contractOf({ requestTimeoutMs: 5500 }), 'timeout_order')).toMatch(/^ok/);
  expect(check(contractOf({ requestTimeoutMs: 5500 }), 'timeout_sum')).toMatch(
    /^refusal .* = 6000 ms, more than the request's 5500 ms$/,
  );
  expect(check(contractOf({ requestTimeoutMs: 6000 }), 'timeout_sum')).toMatch(/^ok/);
});

test('a pool wider than the concurrency can never be used whole', () => {
  expect(check(contractOf({ containerConcurrency: 3 }), 'pool_reach')).toMatch(
    /^warning: .* 1 of them can never be used$/,
  );
  expect(check(contractOf({ containerConcurrency: 4 }), 'pool_reach')).toMatch(/^ok/);
});

test('it is said from which hold on the acquire timeout can fire', () => {
  expect(check(contractOf({}), 'acquire_reach')).toMatch(/^ok: .*held for 667 ms on average$/);
  expect(check(contractOf({ containerConcurrency: 4 }), 'acquire_reach')).toMatch(
    /^ok: .*every request has a session/,
  );
  const never = { acquireTimeoutMs: 4000, statementTimeoutMs: 3000 };
  expect(check(contractOf({ ...never, containerConcurrency: 8 }), 'acquire_reach')).toMatch(
    /^warning: .* it can't$/,
  );
});

test('what was declared without effect comes through as warnings', () => {
  const contract = { ...contractOf({}), warnings: ['the livenessProbe is not run by the emulator'] };
  expect(check(contract, 'not_in_effect')).toBe('warning: the livenessProbe is not run by the emulator');
});

test('what does not fit may be accepted in words only where it is a refusal', () => {
  const wide = contractOf({ maxInstances: 15 });
  expect(checkContract(wide, limits, plain)).toMatchObject([
    { id: 'budget_steady', level: 'ok', overcommit: false },
    { id: 'budget_rollout', level: 'warning', overcommit: false },
    { id: 'timeout_order' },
    { id: 'timeout_sum' },
    { id: 'pool_reach' },
    { id: 'acquire_reach' },
  ]);
});

test('the sums are written out, for every service', () => {
  const contract: Contract = {
    services: [
      { ...contractOf({}).services[0], workersPerInstance: 2, containerConcurrency: 10 },
      {
        ...contractOf({}).services[0],
        name: 'worker',
        maxInstances: 1,
        rolloutOverlap: 0.5,
        backgroundSessions: 1,
      },
    ],
    headroom: [{ purpose: 'other_services', slots: 7 }],
    assumed: [],
  };
  expect(check(contract, 'budget_steady')).toBe(
    'ok: api 5 instances x 2 workers x 4 sessions = 40; worker 1 instance x 1 worker x 4 sessions + 1 in the background = 5; together 45; 45 claim + 7 headroom = 52 of 100 max_connections - 3 reserved = 97 usable',
  );
  expect(check(contract, 'budget_rollout')).toBe(
    'ok: during a rollout api 40 x (1 + 1) = 80; worker 5 x (1 + 0.5) = 8; 88 + 7 headroom = 95 of 97 usable',
  );
  expect(check(contract, 'budget_overshoot', { ...plain, cloudRun: true })).toBe(
    'ok: with max instances exceeded twofold 2 x 45 + 7 headroom = 97 of 97 usable',
  );
  expect(check(contract, 'pool_reach')).toBe(
    'ok: api: 10 requests at once for 2 x 4 = 8 sessions an instance',
  );
  // Two wait for eight sessions: the last one waits a quarter of a hold.
  expect(check(contract, 'acquire_reach')).toBe(
    'ok: api: 2 can wait for 8 sessions an instance, so the acquire timeout fires once a session is held for 4000 ms on average',
  );
  expect(check(contract, 'timeout_sum')).toBe(
    "ok: api: acquire 1000 + statement 5000 = 6000 ms, within the request's 30000 ms",
  );
});

test('slots that Postgres keeps back are taken off, of both kinds', () => {
  const reserved = { ...limits, reservedConnections: 5 };
  const [steady] = checkContract(contractOf({}), reserved, plain);
  expect(steady?.message).toContain('of 100 max_connections - 8 reserved = 92 usable');
});
