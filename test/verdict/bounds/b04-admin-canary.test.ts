import { describe, expect, it } from 'vitest';
import { applyGuards, type Checked } from '../../../src/verdict/algebra.ts';
import { adminCanary, judgeCanary } from '../../../src/verdict/bounds/b04-admin-canary.ts';

const canary = (tookMs: number, error: string | null = null) => ({
  tUs: 1,
  ok: error === null,
  tookMs,
  error,
});

const judged = (canaries: Parameters<typeof judgeCanary>[0]['canaries']) =>
  judgeCanary({ canaries, limitMs: 1000, excuses: [], windows: [] });

const lateBy = (disturbanceMs: number): readonly Checked[] => [
  {
    id: 'V01',
    name: 'generator-lag',
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
});
