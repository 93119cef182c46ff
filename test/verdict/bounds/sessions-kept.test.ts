import { describe, expect, test } from 'vitest';
import { judgeLeak, type LeakInput, type Probe } from '../../../src/verdict/bounds/b07-no-leak.ts';
import { judgeChurn, type ChurnInput } from '../../../src/verdict/bounds/b08-churn.ts';
import { judgeDrain, type DrainInput } from '../../../src/verdict/bounds/b23-rollout-drain.ts';
import { judgeStartup } from '../../../src/verdict/bounds/b25-startup-claim.ts';
import { judgeUnattributed } from '../../../src/verdict/bounds/b26-unattributed.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { judge } from '../../../src/verdict/judge.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { makeEvidence } from '../support/evidence-builder.ts';
import { rolloutStory } from '../support/stories.ts';

const second = 1_000_000;

/** What judging says by one bound of the same run, where the service had declared more. */
function judgedWith(
  given: Evidence,
  id: string,
  declared: Partial<Evidence['run']['contract']['services'][0]>,
): Summary['bounds'][number] {
  const [api, ...others] = given.run.contract.services;
  const contract: typeof given.run.contract = {
    ...given.run.contract,
    services: [{ ...api, ...declared }, ...others],
  };
  return judge({ ...given, run: { ...given.run, contract } }).bounds.find((bound) => bound.id === id)!;
}

describe('B07 no-leak', () => {
  const probe = (ok: number, change: Partial<Probe> = {}): Probe => ({
    tUs: 60 * second,
    cycle: 1,
    alive: 5,
    sent: 20,
    ok,
    holdMs: 300,
    slowestMs: 420,
    ...change,
  });
  const leak = (change: Partial<LeakInput>) =>
    judgeLeak({ probes: [], floors: [], rest: null, perInstance: 4, limitMs: 1100, ...change });

  test.each([
    ['every session is there', probe(20), 'PASS'],
    ['one is not given back', probe(19), 'FAIL'],
    ['the last one comes too late', probe(20, { slowestMs: 1401 }), 'FAIL'],
    ['too few were asked for', probe(10, { sent: 10 }), 'INCONCLUSIVE'],
  ] as const)('a probe: %s', (_, one, status) => {
    expect(leak({ probes: [one] }).status).toBe(status);
  });

  const floors = (counts: readonly number[], alive: (index: number) => number = () => 5) =>
    counts.map((sessions, index) => ({ tUs: index * 10 * second, sessions, alive: alive(index) }));

  test.each([
    ['five cycles that leave more each time', floors([2, 3, 4, 5, 6]), 'FAIL'],
    ['five alike', floors([4, 4, 4, 4, 4]), 'PASS'],
    ['five that go up and down', floors([4, 5, 3, 5, 4]), 'PASS'],
    ['four that rise', floors([2, 3, 4, 5]), 'NOT_APPLICABLE'],
    ['five with other fleets each time', floors([2, 3, 4, 5, 6], (index) => index + 1), 'NOT_APPLICABLE'],
  ] as const)('the floor: %s', (_, given, status) => {
    expect(leak({ floors: given }).status).toBe(status);
  });

  test('probes that lose one session a cycle are broken by each and by their trend', () => {
    const probes = [20, 20, 19, 18, 17, 16].map((ok, index) =>
      probe(ok, { tUs: index * second, cycle: index + 1 }),
    );
    const { status, reason } = leak({ probes });
    expect(status).toBe('FAIL');
    expect(reason).toContain('0, 0, 1, 2, 3, 4');
  });

  test('an idle timeout that is declared, and a pause in which every pool had the time to let go', () => {
    const paused = [
      { name: 'baseline', startMs: 0, endMs: 15_000, ratePerSec: 20, stress: false },
      { name: 'pause', startMs: 15_000, endMs: 45_000, ratePerSec: 0, stress: false },
    ];
    const left = (sessionsAt: (ms: number) => number, idleTimeoutMs?: number) =>
      judgedWith(
        makeEvidence({ phases: paused, sessionsAt }),
        'B07',
        idleTimeoutMs === undefined ? {} : { idleTimeoutMs },
      );
    const letsGo = (ms: number) => (ms < 26_000 ? 8 : 0);
    expect(left(() => 8).status).toBe('NOT_APPLICABLE');
    expect(left(() => 8, 10_000)).toMatchObject({ status: 'FAIL', value: 8, limit: 0 });
    expect(left(letsGo, 10_000)).toMatchObject({ status: 'PASS', value: 0 });
    expect(left(() => 8, 40_000).status).toBe('NOT_APPLICABLE');
  });

  test('a pause that left sessions is not hidden by a longer one that left none', () => {
    const phases = [
      { name: 'baseline', startMs: 0, endMs: 15_000, ratePerSec: 20, stress: false },
      { name: 'pause', startMs: 15_000, endMs: 35_000, ratePerSec: 0, stress: false },
      { name: 'again', startMs: 35_000, endMs: 40_000, ratePerSec: 20, stress: false },
      { name: 'long-pause', startMs: 40_000, endMs: 80_000, ratePerSec: 0, stress: false },
    ];
    const given = makeEvidence({ phases, sessionsAt: (ms) => (ms < 45_000 ? 8 : 0) });
    const leak = judgedWith(given, 'B07', { idleTimeoutMs: 10_000 });
    expect(leak).toMatchObject({ status: 'FAIL', value: 8, limit: 0 });
  });

  test('cycles are compared only where every pool had the time to let go in between', () => {
    const cycles = Array.from({ length: 5 }, (_, index) => [
      { name: `rush-${index}`, startMs: 15_000 + 14_000 * index, endMs: 17_000 + 14_000 * index },
      { name: `pause-${index}`, startMs: 17_000 + 14_000 * index, endMs: 29_000 + 14_000 * index },
    ]).flat();
    const phases = [
      { name: 'baseline', startMs: 0, endMs: 15_000, ratePerSec: 20, stress: false },
      ...cycles.map((phase) => {
        const stress = phase.name.startsWith('rush');
        return { ...phase, ratePerSec: stress ? 60 : 0, stress };
      }),
    ];
    const sessionsAt = (ms: number) => 9 + Math.floor(Math.max(0, ms - 15_000) / 14_000);
    const given = makeEvidence({ phases, sessionsAt });
    const judged = (declared: { idleTimeoutMs?: number }) =>
      judgedWith(given, 'B07', { poolMin: 4, ...declared });
    expect(judged({}).status).toBe('NOT_APPLICABLE');
    expect(judged({ idleTimeoutMs: 5000 })).toMatchObject({
      status: 'FAIL',
      reason: expect.stringContaining('sessions left after each cycle: 9, 10, 11, 12, 13') as string,
    });
    expect(judged({ idleTimeoutMs: 15_000 }).status).toBe('NOT_APPLICABLE');
  });

  test('what is left when a pool had the time to let go', () => {
    expect(leak({ rest: { tUs: 1, sessions: 3, limit: 2 } }).status).toBe('FAIL');
    expect(leak({ rest: { tUs: 1, sessions: 2, limit: 2 } }).status).toBe('PASS');
  });
});

describe('B08 churn', () => {
  test('a pool that replaces its sessions is no churn where that is declared', () => {
    // Sessions that come and go all the time: 2 a second for most of a minute, with a claim of 20.
    const given = makeEvidence({ sessionsAt: (ms) => (Math.floor(ms / 500) % 2 === 0 ? 18 : 10) });
    const judged = (declared: { maxLifetimeMs?: number }) => judgedWith(given, 'B08', declared).status;
    expect([judged({}), judged({ maxLifetimeMs: 1000 })]).toEqual(['FAIL', 'PASS']);
  });

  const churned = (change: Partial<ChurnInput>) =>
    judgeChurn({ opened: 20, expected: 20, claim: 20, phases: [], returns: [], ...change });
  const phase = (opened: number) => ({ name: 'baseline', fromUs: 0, toUs: 20 * second, opened, served: 400 });

  test.each([
    [60, 'PASS', 'soft'],
    [61, 'FAIL', 'soft'],
  ] as const)('%i sessions opened', (opened, status, severity) => {
    expect(churned({ opened })).toMatchObject({ status, severity });
  });

  test('a session for every request is broken hard, whatever else', () => {
    expect(churned({ opened: 400, phases: [phase(400)] })).toMatchObject({
      status: 'FAIL',
      severity: 'hard',
      unit: 'ratio',
      value: 1,
    });
    expect(churned({ phases: [phase(200)] }).status).toBe('PASS');
  });

  test('more logins in a second than the claim has slots are a stampede', () => {
    expect(churned({ returns: [{ tUs: 1, within: 21 }] })).toMatchObject({
      status: 'FAIL',
      severity: 'hard',
    });
    expect(churned({ returns: [{ tUs: 1, within: 20 }] }).status).toBe('PASS');
  });

  test('is unknown where nobody counted', () => {
    expect(churned({ opened: null }).status).toBe('INCONCLUSIVE');
  });
});

describe('B23 rollout-drain', () => {
  const drained = (change: Partial<DrainInput['old'][number]>, endUs = 60 * second) =>
    judgeDrain({
      old: [
        {
          instance: 'old-1',
          steps: [{ tUs: 0, count: 4 }],
          toldUs: 20 * second,
          killed: false,
          ...change,
        },
      ],
      settledUs: 20 * second,
      drainUs: 15 * second,
      graceUs: 10 * second,
      endUs,
    });

  test('what an instance still holds that was told to stop is charged to it', () => {
    expect(drained({})).toMatchObject({ status: 'FAIL', value: 4, witness: { fromUs: 35 * second } });
  });

  test('sessions that were closed in time are not', () => {
    const steps = [
      { tUs: 0, count: 4 },
      { tUs: 34 * second, count: 0 },
    ];
    expect(drained({ steps })).toMatchObject({ status: 'PASS', value: 0 });
  });

  test('an idle instance that the platform keeps may keep its pool, and one that was killed could do nothing', () => {
    expect(drained({ toldUs: null }).status).toBe('NOT_APPLICABLE');
    expect(drained({ killed: true }).status).not.toBe('FAIL');
  });

  test('whoever is told late has ten seconds from then', () => {
    expect(drained({ toldUs: 55 * second }).status).toBe('NOT_APPLICABLE');
    expect(drained({ toldUs: 40 * second })).toMatchObject({
      status: 'FAIL',
      witness: { fromUs: 50 * second },
    });
  });

  test('whoever is told late and lets go in time is fine', () => {
    const steps = [
      { tUs: 0, count: 4 },
      { tUs: 41 * second, count: 0 },
    ];
    expect(drained({ toldUs: 40 * second, steps }).status).toBe('PASS');
  });

  test('is not known before its time, unless all of them are gone', () => {
    expect(drained({}, 30 * second).status).toBe('INCONCLUSIVE');
  });

  test('of a rollout in which the old fleet let go', () => {
    const summary = judge(makeEvidence({}, rolloutStory));
    expect(summary.bounds.find(({ id }) => id === 'B23')).toMatchObject({ status: 'PASS', value: 0 });
  });
});

describe('B25 startup-claim', () => {
  test.each([
    [0, 2, 0, 'PASS'],
    [1, 2, 0, 'FAIL'],
    [4, 2, 4, 'PASS'],
    [5, 0, 0, 'NOT_APPLICABLE'],
  ] as const)('%i sessions of %i instances, allowed %i', (count, alive, limit, status) => {
    expect(judgeStartup({ peak: { tUs: 1, count }, alive, limit })).toMatchObject({
      status,
      severity: 'soft',
    });
  });

  test('a pool that fills itself before anybody asks degrades the run', () => {
    const eager = makeEvidence();
    const early = eager.events.flatMap((event) =>
      event.kind === 'link' && event.what === 'session' ? [{ ...event, t_us: 2_500_000 }] : [event],
    );
    const events = early.sort((a, b) => a.t_us - b.t_us);
    expect(judge({ ...eager, events }).bounds.find(({ id }) => id === 'B25')?.status).toBe('FAIL');
  });
});

describe('B26 unattributed', () => {
  const seen = (own: number, others: number) =>
    judgeUnattributed({ samples: [{ tUs: 1, own, others, who: 'reporting' }], headroom: 30 });

  test.each([
    [0, 30, 'PASS_SAMPLED'],
    [0, 31, 'FAIL'],
    [1, 0, 'FAIL'],
  ] as const)('%i of the links and %i of others', (own, others, status) => {
    expect(seen(own, others)).toMatchObject({ status, severity: 'soft' });
  });

  test('says who they are', () => {
    expect(seen(0, 40).witness?.what).toContain('reporting');
    expect(judgeUnattributed({ samples: [], headroom: 30 }).status).toBe('INCONCLUSIVE');
  });
});
