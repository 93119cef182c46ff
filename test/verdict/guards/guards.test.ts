import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/evidence/event.ts';
import { lastStepAllowed } from '../../../src/evidence/events/generator-event.ts';
import { runFacts } from '../../../src/verdict/facts/run-facts.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { link, log } from '../../evidence/given.ts';
import { makeEvidence } from '../support/evidence-builder.ts';
import type { Cohort } from '../../../src/verdict/facts/requests/cohort.ts';
import { coverageNeed } from '../../../src/verdict/facts/sessions/coverage.ts';
import { checkLag } from '../../../src/verdict/guards/v01-generator-lag.ts';
import { checkSchedule } from '../../../src/verdict/guards/v02-schedule-sent.ts';
import { checkSampler } from '../../../src/verdict/guards/v03-sampler-coverage.ts';
import { checkPing } from '../../../src/verdict/guards/v04-ping.ts';
import { attribution, checkAttribution } from '../../../src/verdict/guards/v07-attribution.ts';
import { checkBaseline, checkDrift } from '../../../src/verdict/guards/v08-baseline-steady.ts';
import { checkExercise } from '../../../src/verdict/guards/v09-exercise.ts';
import { checkLoadAfter } from '../../../src/verdict/guards/v10-load-after.ts';

describe('V01 generator lag', () => {
  const good = {
    lagsMs: [1, 2, 3],
    retryLagsMs: [],
    loopDelayP99Ms: 5,
    loopDelayMaxMs: 30,
    epsMs: 100,
    acquireMs: 1000,
  };
  test.each([
    ['a punctual generator', {}, true],
    ['p99 exactly half of the allowance', { lagsMs: [50] }, true],
    ['p99 above half of the allowance', { lagsMs: [51] }, false],
    [
      'one request a quarter of the acquire timeout late',
      { lagsMs: [...Array<number>(200).fill(1), 251] },
      false,
    ],
    ['late retries: they are timed by the lane', { retryLagsMs: [900] }, true],
    ['a late event loop', { loopDelayP99Ms: 21 }, false],
    ['no word of the event loop', { loopDelayP99Ms: null }, false],
    ['nothing sent', { lagsMs: [] }, false],
  ] as const)('%s', (_, change, ok) => {
    expect(checkLag({ ...good, ...change }).ok).toBe(ok);
  });

  test('says how far it may have shifted a latency: its worst lag and its worst loop delay', () => {
    expect(checkLag({ ...good, lagsMs: [1, 300] }).disturbanceMs).toBe(330);
  });

  test('says the lag of retries apart, where there are any', () => {
    expect(checkLag({ ...good, retryLagsMs: [7, 8] }).reason).toContain('of retries p99 8 ms');
    expect(checkLag(good).reason).not.toContain('retries');
  });
});

describe('V02 schedule sent', () => {
  test.each([
    ['all', 1000, 0, true],
    ['one of a thousand dropped', 999, 1, true],
    ['two of a thousand dropped', 998, 2, false],
    ['two of a thousand without a record', 998, 0, false],
  ])('%s', (_, sent, dropped, ok) => {
    const guard = checkSchedule({ planned: 1000, sent, dropped, failed: 0, closed: null });
    expect(guard.ok).toBe(ok);
    if (!ok) expect(guard.reason).toContain(dropped > 0 ? '2 dropped' : '2 without a record');
  });

  test.each([
    ['closed clients alone: nothing was planned', 0, { sent: 700, dropped: 0, failed: 0 }, true],
    ['closed clients beside a schedule that was sent', 1000, { sent: 700, dropped: 0, failed: 0 }, true],
    [
      'closed clients of which the harness dropped one in a hundred',
      0,
      { sent: 693, dropped: 7, failed: 0 },
      false,
    ],
  ])('%s', (_, planned, closed, ok) => {
    const guard = checkSchedule({ planned, sent: planned, dropped: 0, failed: 0, closed });
    expect(guard.ok).toBe(ok);
    expect(guard.value).toBeLessThanOrEqual(1);
    if (!ok) expect(guard.reason).toContain('7 of closed clients dropped');
  });

  test('what found no port left on this machine was never sent', () => {
    const guard = checkSchedule({ planned: 1000, sent: 990, dropped: 0, failed: 10, closed: null });
    expect(guard.ok).toBe(false);
    expect(guard.reason).toMatch(/10 found no file or port left on this machine$/);
  });

  test('nothing planned and nobody who asked proves nothing', () => {
    expect(checkSchedule({ planned: 0, sent: 0, dropped: 0, failed: 0, closed: null }).ok).toBe(false);
  });
});

describe('V03 sampler coverage', () => {
  const need = coverageNeed({ everyMs: 50, acquireMs: 1000, tauCloseMs: 500 });
  const phases = [
    { name: 'calm', fromUs: 0, toUs: 20_000_000 },
    { name: 'burst', fromUs: 20_000_000, toUs: 80_000_000 },
  ];
  const every = (skip: (tUs: number) => boolean): number[] =>
    Array.from({ length: 1601 }, (_, index) => index * 50_000).filter((tUs) => !skip(tUs));

  test.each([
    ['a full record', () => false, true],
    ['a hole shorter than an excess must last', (tUs: number) => tUs > 30e6 && tUs < 30.4e6, true],
    ['600 ms of 60 s missing', (tUs: number) => tUs > 30e6 && tUs < 30.6e6, true],
    ['600 ms of 20 s missing', (tUs: number) => tUs > 10e6 && tUs < 10.6e6, false],
    ['two seconds missing', (tUs: number) => tUs > 30e6 && tUs < 32e6, false],
  ] as const)('%s', (_, skip, ok) => {
    expect(checkSampler({ sampledUs: every(skip), phases, need }).ok).toBe(ok);
  });

  test('names the phase that was least covered', () => {
    const sampledUs = every((tUs) => tUs > 30e6 && tUs < 32e6);
    expect(checkSampler({ sampledUs, phases, need }).reason).toContain('burst');
  });

  test('a run without load has no coverage', () => {
    expect(checkSampler({ sampledUs: [], phases: [], need }).ok).toBe(false);
  });
});

test('V04: a ping may cost a sixth of the acquire timeout, and must have been there', () => {
  const given = { loadPingP99Ms: null, acquireMs: 1000 };
  expect(checkPing({ ...given, pingP99Ms: 166 }).ok).toBe(true);
  expect(checkPing({ ...given, pingP99Ms: 167 }).ok).toBe(false);
  expect(checkPing({ ...given, pingP99Ms: null }).ok).toBe(false);
  expect(checkPing({ ...given, pingP99Ms: 1, loadPingP99Ms: 166 }).ok).toBe(true);
  expect(checkPing({ ...given, pingP99Ms: 1, loadPingP99Ms: 167 })).toMatchObject({ ok: false, value: 167 });
});

describe('V08 baseline steady', () => {
  const window = (good: number, n = 1000): Cohort => ({
    fromUs: 0,
    toUs: 5_000_000,
    n,
    good,
    attempts: n,
    p99Ms: 10,
  });
  test.each([
    ['all good', [window(1000), window(1000), window(1000)], true],
    ['three failures of three thousand', [window(999), window(999), window(999)], true],
    ['four failures of three thousand', [window(999), window(999), window(998)], false],
    ['a window without requests', [window(0, 0), window(1000), window(1000)], false],
    ['no baseline', null, false],
  ] as const)('%s', (_, windows, ok) => {
    expect(checkBaseline(windows).ok).toBe(ok);
  });

  test.each([
    ['the same again', 100, true],
    ['a tenth less', 90, true],
    ['a tenth more', 110, true],
    ['more than a tenth less', 89.9, false],
    ['more than a tenth more', 110.1, false],
    ['nothing any more', 0, false],
  ] as const)('a capacity that is measured again: %s', (_, perSec, ok) => {
    expect(checkDrift({ beforePerSec: 100, after: { perSec, atLeast: false } }).ok).toBe(ok);
  });

  test('says by how much the capacity has drifted, and which way', () => {
    const drift = (perSec: number) => checkDrift({ beforePerSec: 100, after: { perSec, atLeast: false } });
    expect(drift(80)).toMatchObject({ value: 0.2, limit: 0.1, unit: 'ratio' });
    expect(drift(80).reason).toBe(
      'capacity 100/s before the phases, 80/s after them, 20 % less (limit 10 %)',
    );
    expect(drift(125).reason).toContain('25 % more');
  });

  test('does not take a search without an end, or a result that never came, for the same capacity', () => {
    expect(checkDrift({ beforePerSec: 100, after: { perSec: 100, atLeast: true } }).ok).toBe(false);
    expect(checkDrift({ beforePerSec: 100, after: null })).toMatchObject({ ok: false, value: null });
  });

  describe('in a run', () => {
    const capacity = (
      when: 'before' | 'after',
      perSec: number,
      reason = 'goodput stopped rising',
    ): RunEvent => ({
      kind: 'capacity',
      t_us: when === 'before' ? 1 : 60_000_000,
      when,
      goodput_per_sec: perSec,
      low_per_sec: perSec,
      high_per_sec: perSec,
      steps: [],
      reason,
    });
    const steady = (events: readonly RunEvent[], isBegun = events.length > 1) => {
      const evidence = makeEvidence({ happened: () => events });
      const again = { when: 'after' as const, start_us: 1, hash: '', planned: 1, steps: [] };
      const run = isBegun ? { ...evidence.run, calibrations: [again] } : evidence.run;
      const { validity, bounds } = judge({ ...evidence, run });
      return { ...validity.find(({ id }) => id === 'V08'), bounds };
    };

    test('nothing is said of the capacity where it was measured once, or never', () => {
      expect(steady([])).toMatchObject({ ok: true });
      expect(steady([]).reason).not.toContain('capacity');
      expect(steady([capacity('before', 20)])).toMatchObject({ ok: true });
      expect(steady([capacity('before', 20)]).reason).not.toContain('capacity');
    });

    test('beside a steady baseline both are said, and what came back is not shown by it', () => {
      const kept = steady([capacity('before', 20), capacity('after', 19)]);
      expect(kept).toMatchObject({ ok: true });
      expect(kept.reason).toMatch(/baseline requests not good.*; capacity 20\/s .* 5 % less/);
      expect(kept.bounds.find(({ id }) => id === 'B22')?.status).toBe('PASS');
      const drifted = steady([capacity('before', 20), capacity('after', 15)]);
      expect(drifted).toMatchObject({ ok: false, value: 0.25, limit: 0.1 });
      expect(drifted.reason).toMatch(/^capacity 20\/s /);
      const recovery = drifted.bounds.find(({ id }) => id === 'B22');
      expect(recovery?.status).toBe('INCONCLUSIVE');
      expect(recovery?.reason).toContain('25 % less');
    });

    test('a second measurement that was begun and not ended is missing', () => {
      expect(steady([capacity('before', 20)], true)).toMatchObject({ ok: false });
      expect(steady([capacity('before', 20)], true).reason).toContain('came to no result');
      const endless = [capacity('before', 20), capacity('after', 20, lastStepAllowed)];
      expect(steady(endless)).toMatchObject({ ok: false });
    });
  });
});

describe('V09 exercise', () => {
  const base = {
    level: { sessions: 18, of: 'the claim' },
    refused: 0,
    togetherUs: null,
    peakInstances: 5,
    loadRatio: 10,
    stormFailedRatio: null,
  } as const;
  test.each([
    ['saturated for a fifth of the stress', { ...base, saturatedRatio: 0.2 }, true],
    ['saturated for less', { ...base, saturatedRatio: 0.19 }, false],
    ['refused by Postgres before it got there', { ...base, saturatedRatio: 0, refused: 1 }, true],
    ['no stress phase', { ...base, saturatedRatio: null }, false],
    ['a rollout alone, with an overlap', { ...base, saturatedRatio: null, togetherUs: 5 }, true],
    ['a rollout alone, without one', { ...base, saturatedRatio: null, togetherUs: 0 }, false],
    ['a rollout beside too little stress', { ...base, saturatedRatio: 0.1, togetherUs: 5 }, false],
    [
      'a storm: every tenth first attempt failed',
      { ...base, saturatedRatio: 1, stormFailedRatio: 0.1 },
      true,
    ],
    [
      'clients that retry, and little to retry',
      { ...base, saturatedRatio: 1, stormFailedRatio: 0.09 },
      false,
    ],
    ['a storm beside an idle pool', { ...base, saturatedRatio: 0.1, stormFailedRatio: 0.9 }, false],
  ])('%s', (_, exercise, ok) => {
    const guard = checkExercise(exercise);
    expect(guard.ok).toBe(ok);
    if (!ok) expect(guard.reason).toMatch(/^not exercised/);
  });
});

describe('V10 load after the trigger', () => {
  const load = { planned: 1000, sent: 1000, ratePerSec: 20, baselinePerSec: 20 };
  test.each([
    ['as planned and as before', {}, true],
    ['2 % not sent', { sent: 980 }, true],
    ['3 % not sent', { sent: 970 }, false],
    ['less than before was planned', { ratePerSec: 15 }, false],
    ['more than before was planned', { ratePerSec: 21 }, false],
  ])('%s', (_, change, ok) => {
    expect(checkLoadAfter({ ...load, ...change }).ok).toBe(ok);
  });
  test('nothing after the trigger', () => expect(checkLoadAfter(null).ok).toBe(false));
});

describe('V07 attribution', () => {
  test.each([
    ['all of them logged', { linked: 500, unlogged: 0, isCompared: true }, true],
    ['one in a hundred missing', { linked: 500, unlogged: 5, isCompared: true }, true],
    ['more than that', { linked: 500, unlogged: 6, isCompared: true }, false],
    ['no log to compare with', { linked: 0, unlogged: 0, isCompared: false }, true],
  ] as const)('%s', (_, input, ok) => {
    expect(checkAttribution(input).ok).toBe(ok);
  });

  const second = 1_000_000;
  const both = Array.from({ length: 20 }, (_, index) => [
    link(index * second, 'attempt', { port: 5000 + index }),
    link(index * second, 'session', { port: 5000 + index }),
    log(index * second, 'authorized', { port: 5000 + index, pid: index }),
  ]).flat();
  const check = (events: readonly RunEvent[]) => {
    const run = runFacts({ ...makeEvidence(), events: [...events] });
    return attribution.check(run);
  };

  test('a session that the link saw and the server never logged is our own fault', () => {
    expect(check(both)).toMatchObject({ ok: true, value: 1 });
    const cut = both.filter(
      (event) => event.kind !== 'log' || (event.port ?? 0) < 5004 || event.port === 5019,
    );
    expect(check(cut)).toMatchObject({ ok: false });
    expect(check(cut).reason).toMatch(/^1[0-9] of /);
  });

  test('what only the log has went around the links; what came last may not be logged yet; ports may be translated', () => {
    expect(check(both.filter((event) => event.kind !== 'link' || event.port < 5010)).ok).toBe(true);
    expect(check(both.filter((event) => event.kind !== 'log' || (event.port ?? 0) < 5018)).ok).toBe(true);
    const nameless = both.map((event) =>
      event.kind === 'log' ? { ...event, port: event.pid + 9000 } : event,
    );
    expect(check(nameless)).toMatchObject({ ok: true, value: null });
    const translated = nameless.map((event) => ({ ...event, role: 'api', application_name: 'one' }));
    expect(check(translated)).toMatchObject({ ok: true, value: 1 });
    expect(check(translated).reason).toContain('counted by role: ports are translated on the way');
    const unlogged = translated.filter(
      (event) => event.kind !== 'log' || event.pid % 5 !== 0 || event.pid > 14,
    );
    expect(check(unlogged)).toMatchObject({ ok: false });
  });
});
