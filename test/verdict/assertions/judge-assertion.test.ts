import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { parseCondition } from '../../../src/scenario/conditions/parse-condition.ts';
import type { Assertion } from '../../../src/scenario/conditions/rules.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { underOtherRules } from '../../../src/verdict/other-rules.ts';
import { badStory, makeEvidence } from '../support/evidence-builder.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';

type Own = NonNullable<Evidence['run']['assertions']>[number];

function judged(evidence: Evidence, expr: string, more: Partial<Own> = {}): Summary {
  const assertions = [{ expr, severity: 'hard' as const, because: null, ...more }];
  return judge({ ...evidence, run: { ...evidence.run, assertions } });
}

function rowOf(evidence: Evidence, expr: string, more: Partial<Own> = {}): Summary['bounds'][number] {
  return judged(evidence, expr, more).bounds.find(({ id }) => id === 'A01')!;
}

const good = makeEvidence();
const bad = makeEvidence({}, badStory);

describe('an assertion over all of its time', () => {
  test.each([
    ['max(db.backends) <= 16', 'PASS_SAMPLED', 16],
    ['max(db.backends) <= 15', 'FAIL', 16],
    ['max(db.backends{state=idle}) <= 0', 'PASS_SAMPLED', 0],
    ['max(db.sessions) <= 16', 'PASS', 16],
    ['max(db.sessions) <= 4 in baseline', 'PASS', 4],
    ['max(db.sessions) <= 25% of claim', 'FAIL', 16],
    ['min(run.instances) >= 4 in burst', 'PASS', 4],
    ['count(db.refused) == 0', 'PASS', 0],
    ['p99(http.latency{outcome=ok}) <= 40ms', 'PASS', 30],
    ['p99(http.latency{outcome=ok}) <= 10ms', 'FAIL', 30],
    ['ratio(http.attempts{outcome=shed}) < 30% in burst', 'FAIL', 1 / 3],
    ['ratio(http.requests{good=yes}) >= 99% in baseline', 'PASS', 1],
    ['rate(http.attempts) >= 59/s in burst', 'PASS', 60],
    ['avg(http.amplification) <= 1', 'PASS', 1],
    ['max(gen.lag) <= 2ms', 'PASS', 1],
    ['ratio(gen.dropped) == 0%', 'PASS', 0],
    ['max(sampler.gap) <= 200ms', 'PASS', 200],
  ])('%s is %s', (expr, status, value) => {
    expect(rowOf(good, expr)).toMatchObject({ status, value: expect.closeTo(value, 2) as number });
  });

  test('says when it was first broken', () => {
    expect(rowOf(bad, 'max(db.sessions) <= 60')).toMatchObject({
      status: 'FAIL',
      first_violation: { phase: 'burst', offset_ms: expect.closeTo(1140, -2) as number },
    });
  });
});

describe('an assertion with for', () => {
  test.each([
    ['max(db.sessions) <= 15 for 9s', 'FAIL'],
    ['max(db.sessions) <= 15 for 12s', 'PASS'],
    ['max(db.sessions) <= 15 in recovery for 2s', 'PASS'],
  ])('%s is %s: sixteen for ten seconds', (expr, status) => {
    expect(rowOf(good, expr)).toMatchObject({ status });
  });
});

describe('what nobody can tell', () => {
  test.each([
    ['p50(http.acquire{outcome=shed}) <= 1s', 'nothing to make p50 of'],
    ['max(db.sessions{revision=old}) <= 1', 'nobody observed'],
  ])('%s is INCONCLUSIVE', (expr, reason) => {
    expect(rowOf(good, expr)).toMatchObject({
      status: 'INCONCLUSIVE',
      reason: expect.stringContaining(reason) as string,
    });
  });

  test('a phase that a run did not finish proves nothing, but can be broken', () => {
    const cut = makeEvidence({ endedHow: 'interrupted', cutAt: 20_000 });
    expect(rowOf(cut, 'max(db.sessions) <= 16 in burst')).toMatchObject({ status: 'INCONCLUSIVE' });
    expect(rowOf(cut, 'max(db.sessions) <= 15 in burst')).toMatchObject({ status: 'FAIL' });
    expect(rowOf(cut, 'max(db.sessions) <= 16 in recovery')).toMatchObject({ status: 'INCONCLUSIVE' });
  });

  test('a text that is no condition in this version is not left out', () => {
    expect(rowOf(good, 'p42(future.metric) <= 1')).toMatchObject({ status: 'INCONCLUSIVE' });
  });

  test('a blind sampler makes no PASS', () => {
    const blind = makeEvidence({ blindFrom: 16_000, blindTo: 20_000 });
    expect(rowOf(blind, 'max(db.backends) <= 16')).toMatchObject({ status: 'INCONCLUSIVE' });
    expect(rowOf(blind, 'max(db.backends) <= 15')).toMatchObject({ status: 'FAIL' });
  });
});

describe('the verdict', () => {
  test('is FAIL by a hard one and never better than DEGRADED by a soft one', () => {
    const without = judge(good);
    const hard = judged(good, 'max(db.sessions) <= 15');
    const soft = judged(good, 'max(db.sessions) <= 15', { severity: 'soft', because: 'we promised' });
    expect(hard.verdict).toBe('FAIL');
    expect(hard.headline).toContain('A01');
    expect(soft.verdict).toBe(without.verdict === 'PASS' ? 'DEGRADED' : without.verdict);
    expect(soft.bounds.find(({ id }) => id === 'A01')?.reason).toContain('we promised');
    expect(hard.answers).toEqual(without.answers);
  });
});

describe('other rules', () => {
  const conditionOf = (expr: string): Assertion => {
    const parsed = parseCondition(expr);
    if (!parsed.ok) throw new Error(parsed.slip.message);
    return { condition: parsed.value, severity: 'hard', because: null };
  };

  test("take the place of the run's own, and the summary says so", () => {
    const own = [{ expr: 'max(db.sessions) <= 1', severity: 'hard' as const, because: null }];
    const evidence = { ...good, run: { ...good.run, assertions: own } };
    const other = { file: 'rules.yaml', assertions: [conditionOf('max(db.sessions) <= 99')], limits: {} };
    const summary = judge(evidence, { contract: null, rules: other });
    expect(summary.bounds.filter(({ id }) => id.startsWith('A'))).toMatchObject([{ status: 'PASS' }]);
    expect(summary.judged_by).toEqual({ contract: null, rules: 'rules.yaml' });
    expect(summary.caveats[0]).toContain('rules.yaml');
  });

  test('another contract is judged by, with the sessions recognised as they were', () => {
    const { run } = good;
    const tighter = run.contract.services.map((service) => ({ ...service, poolMax: 3, match: {} }));
    const value = { ...run.contract, services: tighter as unknown as typeof run.contract.services };
    const other = { contract: { file: 'tighter.yaml', value }, rules: null };
    const summary = judge(underOtherRules(good, other), other);
    expect(summary.bounds.find(({ id }) => id === 'B01')).toMatchObject({ status: 'FAIL', limit: 12 });
    expect(summary.judged_by).toEqual({ contract: 'tighter.yaml', rules: null });
    expect(judge(good).bounds.find(({ id }) => id === 'B01')?.status).toBe('PASS');
  });
});
