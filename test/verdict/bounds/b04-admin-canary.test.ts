import { describe, expect, it } from 'vitest';
import { applyGuards, type Checked } from '../../../src/verdict/bounds/algebra.ts';
import { adminCanary, judgeCanary } from '../../../src/verdict/bounds/b04-admin-canary.ts';
import { runFacts } from '../../../src/verdict/facts/run-facts.ts';
import { makeEvidence } from '../support/evidence-builder.ts';

const canary = (tookMs: number, error: string | null = null) => ({
  tUs: 1,
  ok: error === null,
  tookMs,
  error,
});

const judged = (tries: Parameters<typeof judgeCanary>[0]['tries']) =>
  judgeCanary({ tries, limitMs: 1000, excuses: [], windows: [] });

const lateBy = (disturbanceMs: number): readonly Checked[] => [
  {
    id: 'V01',
    name: 'generator-lag',
    provenance: 'observed',
    result: { ok: false, value: 1, limit: 0, unit: 'ms', reason: 'late', disturbanceMs },
  },
];

describe('the headroom canary', () => {
  it('is not held against the service when it was late by less than the harness itself', () => {
    const slow = judged([canary(12), canary(2100)]);
    expect(slow).toMatchObject({ status: 'FAIL', unit: 'ms', value: 2100 });
    expect(applyGuards(adminCanary, slow, lateBy(1500)).status).toBe('INCONCLUSIVE');
    expect(applyGuards(adminCanary, slow, lateBy(900)).status).toBe('FAIL');
  });

  it('counts what was refused, and no lateness of the harness explains that', () => {
    const refused = judged([canary(12), canary(3, 'sorry, too many clients already')]);
    expect(refused).toMatchObject({ status: 'FAIL', unit: 'count', value: 1, limit: 0 });
    expect(applyGuards(adminCanary, refused, lateBy(1e6)).status).toBe('FAIL');
  });

  it('does not judge a login that was given up because the harness itself stood still', () => {
    const givenUp = { ...canary(5200, 'timeout expired'), stalledMs: 5100 };
    expect(judged([canary(12), givenUp]).status).toBe('PASS');
    expect(judged([canary(12), { ...givenUp, stalledMs: 3000 }]).status).toBe('FAIL');
    const refused = { ...canary(5200, 'sorry, too many clients already'), stalledMs: 5100 };
    expect(judged([canary(12), refused]).status).toBe('FAIL');
  });

  it('does not judge a login by the time that the harness itself stood still', () => {
    const statusWith = (stalledMs: number): string => {
      const canaryAt = (ms: number) =>
        ms === 20_500 ? { ok: true, tookMs: 2000, stalledMs } : { ok: true, tookMs: 8 };
      const run = runFacts(makeEvidence({ canaryAt }));
      return adminCanary.judge(run, run.driven).status;
    };
    expect(statusWith(0)).toBe('FAIL');
    expect(statusWith(900)).toBe('FAIL');
    expect(statusWith(1500)).toBe('PASS');
  });

  it('knows nothing of a phase in which it stood still at every login', () => {
    const canaryAt = (ms: number) =>
      ms > 15_000 && ms < 25_000 ? { ok: true, tookMs: 2000, stalledMs: 1990 } : { ok: true, tookMs: 8 };
    const run = runFacts(makeEvidence({ canaryAt }));
    const { status, reason } = adminCanary.judge(run, run.driven);
    expect(status).toBe('INCONCLUSIVE');
    expect(reason).toContain('in phase');
  });
});
