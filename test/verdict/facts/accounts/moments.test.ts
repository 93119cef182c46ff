import { describe, expect, it } from 'vitest';
import { accountsOver, noRequests, totalOf } from '../../../../src/verdict/facts/accounts/account.ts';
import { momentsOf } from '../../../../src/verdict/facts/accounts/moments.ts';
import { runFacts, type RunFacts } from '../../../../src/verdict/facts/run-facts.ts';
import { goodStory, makeEvidence, type Story } from '../../support/evidence-builder.ts';

const isBurst = (ms: number): boolean => ms >= 15_000 && ms < 25_000;

/** Full pools of 4 on 4 instances; under stress nothing is answered for three seconds. */
const stuck = (state: string): RunFacts =>
  runFacts(
    makeEvidence({
      stateAt: (ms) => ({ state: isBurst(ms) ? state : 'active', ageMs: 10 }),
      endAt: (ms) => ({ outcome: 'ok', tookMs: isBurst(ms) ? 3000 : 200 }),
    }),
  );

function inBurst(run: RunFacts): ReturnType<typeof accountsOver> {
  const burst = run.phases.find(({ name }) => name === 'burst')!;
  // The second half: the queue stands.
  return accountsOver(momentsOf(run), burst.fromUs + 5e6, burst.toUs);
}

describe('the accounts of a run', () => {
  it.each(['good', 'stuck'])('hold every request for as long as it was open: %s', (which) => {
    const run = which === 'good' ? runFacts(makeEvidence()) : stuck('idle');
    const moments = momentsOf(run);
    const [from, to] = [moments[0]!.fromUs, moments.at(-1)!.toUs];
    const open = run.evidence.attempts.reduce((sum, { sentUs, endedUs }) => {
      return sum + Math.max(0, Math.min(endedUs ?? Infinity, to) - Math.max(sentUs, from)) / 1e6;
    }, 0);
    expect(totalOf(accountsOver(moments, from, to).requests)).toBeCloseTo(open, 3);
  });

  it('are the same in parts and as a whole', () => {
    const run = stuck('idle');
    const moments = momentsOf(run);
    const whole = accountsOver(moments, -Infinity, Infinity);
    const parts = [accountsOver(moments, -Infinity, 20e6), accountsOver(moments, 20e6, Infinity)];
    expect(parts[0]!.seconds + parts[1]!.seconds).toBeCloseTo(whole.seconds, 9);
    expect(parts[0]!.requests.waiting + parts[1]!.requests.waiting).toBeCloseTo(whole.requests.waiting, 6);
  });

  it('find the sessions that are held by the queue beside them', () => {
    const { seconds, slots, requests } = inBurst(stuck('idle'));
    const { held, idle } = slots.get('api')!;
    expect(held / seconds).toBeGreaterThan(14);
    expect(idle / seconds).toBeLessThan(1);
    expect(requests.waiting / seconds).toBeGreaterThan(100);
  });

  it('find the queue behind sessions that are at work', () => {
    const { seconds, slots, requests } = inBurst(stuck('active'));
    expect(slots.get('api')!.active / seconds).toBeCloseTo(16, 0);
    expect(requests.active / seconds).toBeCloseTo(16, 0);
    expect(requests.waiting / seconds).toBeGreaterThan(100);
    expect(requests.holding).toBe(0);
  });

  it('call a time without samples unknown, not quiet', () => {
    const run = runFacts(makeEvidence({ blindFrom: 30_000, blindTo: 40_000 }));
    const start = run.load!.fromUs;
    const { slots, requests } = accountsOver(momentsOf(run), start + 31e6, start + 39e6);
    expect(slots.get('api')).toMatchObject({ active: 0, idle: 0 });
    expect(slots.get('api')!.unknown).toBeGreaterThan(0);
    expect(requests.unknown).toBeGreaterThan(0);
    expect(requests.elsewhere).toBe(0);
  });

  it('are empty where nobody sampled', () => {
    const run = runFacts(makeEvidence({ blindFrom: -10_000, blindTo: 100_000 }));
    expect(momentsOf(run)).toEqual([]);
    expect(accountsOver([], 0, 1e6)).toEqual({ seconds: 0, slots: new Map(), requests: noRequests });
  });

  it('have nobody waiting in a good run', () => {
    const calm: Partial<Story> = { ...goodStory };
    const { requests, seconds } = accountsOver(momentsOf(runFacts(makeEvidence(calm))), -Infinity, Infinity);
    expect(requests.waiting / seconds).toBeLessThan(0.1);
  });
});
