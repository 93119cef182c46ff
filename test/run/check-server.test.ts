import { expect, test } from 'vitest';
import { EnvironmentError } from '../../src/base/errors.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { RunPlan } from '../../src/plan/run-plan.ts';
import type { RunningPostgres } from '../../src/postgres/postgres-server.ts';
import { checkServer } from '../../src/run/check-server.ts';
import { scenarioOf } from '../plan/scenario.ts';

const plan = makePlan(scenarioOf());
const declared = plan.limits;

function check(change: Partial<RunningPostgres>, of: RunPlan = plan): ReturnType<typeof checkServer> {
  return checkServer(of, { limits: declared, ...change } as RunningPostgres);
}

test('a server that is what was declared changes nothing that the plan said', () => {
  expect([...check({})].sort(byId)).toEqual([...plan.checks].sort(byId));
});

test('a limit that is not the declared one stops the run with both numbers', () => {
  const limits = { ...declared, maxConnections: 25 };
  expect(() => check({ limits })).toThrow(EnvironmentError);
  expect(() => check({ limits })).toThrow(
    `the server allows 25 sessions (max_connections), and the scenario says ${declared.maxConnections}`,
  );
});

test('slots that the server keeps back count, unless that was accepted in words', () => {
  const limits = { ...declared, reservedConnections: declared.maxConnections - 8 };
  expect(() => check({ limits })).toThrow(/on the server itself: .* reserved = /);
  const accepted = {
    ...plan,
    scenario: { ...plan.scenario, safety: { ...plan.scenario.safety, acceptOvercommit: true } },
  };
  expect(check({ limits }, accepted).filter(({ level }) => level === 'refusal')).not.toEqual([]);
});

test('what watches is a line of the budget, and what limits the proof is said', () => {
  const [own, remark] = check({ ownSlots: 3, remarks: ['the server log can not be read'] }).slice(-2);
  expect(own).toMatchObject({ id: 'own_sessions', level: 'ok' });
  expect(own?.message).toContain('+ 3 = ');
  expect(remark).toMatchObject({ id: 'server', level: 'warning', message: 'the server log can not be read' });
  expect(() => check({ ownSlots: 1000 })).toThrow("poolproof's own sessions");
});

function byId(a: { readonly id: string; readonly message: string }, b: typeof a): number {
  return `${a.id}${a.message}`.localeCompare(`${b.id}${b.message}`);
}
