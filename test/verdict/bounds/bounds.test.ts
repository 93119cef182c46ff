import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../../src/evidence/attempt.ts';
import { logicalRequests } from '../../../src/evidence/logical-requests.ts';
import { judgeClaim } from '../../../src/verdict/bounds/shared/claim.ts';
import { judgeHeadroom } from '../../../src/verdict/bounds/b03-headroom.ts';
import { judgeCanary } from '../../../src/verdict/bounds/b04-admin-canary.ts';
import { judgeRefusals } from '../../../src/verdict/bounds/b05-no-53300.ts';
import { judgeInstanceCap } from '../../../src/verdict/bounds/b06-instance-cap.ts';
import { judgeFailures } from '../../../src/verdict/bounds/b11-failures-fast.ts';
import { judgeRequestTimeout } from '../../../src/verdict/bounds/b12-request-timeout.ts';
import { judgeRecovery, type RecoveryInput } from '../../../src/verdict/bounds/b22-recovery.ts';
import { cohortsOf, mergeThin, type Cohort } from '../../../src/verdict/facts/requests/cohort.ts';
import { coverageNeed } from '../../../src/verdict/facts/sessions/coverage.ts';
import { failureOf, type Failure } from '../../../src/verdict/facts/requests/failure.ts';
import { refusalKind } from '../../../src/verdict/facts/sessions/refusal.ts';
import { makeEvidence } from '../support/evidence-builder.ts';
import { thresholds } from '../support/vectors.ts';

const window = { fromUs: 0, toUs: 10_000_000 };
const need = coverageNeed({ everyMs: 200, acquireMs: 1000, tauCloseMs: 500 });
const second = 1_000_000;

describe('B01 claim-steady, counted exactly', () => {
  const judge = (steps: readonly (readonly [number, number])[]): ReturnType<typeof judgeClaim> =>
    judgeClaim({
      seen: { kind: 'exact', steps: steps.map(([sec, count]) => ({ tUs: sec * second, count })) },
      uppers: [],
      claim: 20,
      replacementsAt: () => 5,
      tauCloseUs: 500_000,
      everyUs: 200_000,
      window,
      need,
    });

  test.each([
    ['the whole claim', [[1, 20]], 'PASS'],
    [
      'one more for 499 ms',
      [
        [1, 20],
        [2, 21],
        [2.499, 20],
      ],
      'PASS',
    ],
    [
      'one more for 500 ms',
      [
        [1, 20],
        [2, 21],
        [2.5, 20],
      ],
      'FAIL',
    ],
    [
      'one more for each pool, for a moment',
      [
        [1, 20],
        [2, 25],
        [2.1, 20],
      ],
      'PASS',
    ],
    [
      'yet one more, for a moment',
      [
        [1, 20],
        [2, 26],
        [2.0001, 20],
      ],
      'FAIL',
    ],
    [
      'one more, to the end',
      [
        [1, 20],
        [2, 21],
      ],
      'FAIL',
    ],
  ] as const)('%s', (_, steps, status) => {
    expect(judge(steps).status).toBe(status);
  });

  test('needs no samples, and says what it is sure by', () => {
    expect(judge([[1, 20]]).reason).toContain('every session counted');
  });
});

describe('B01 claim-steady, sampled', () => {
  const samples = Array.from({ length: 51 }, (_, index) => ({ tUs: index * 200_000, count: 18 }));
  const sampled: Parameters<typeof judgeClaim>[0] = {
    seen: { kind: 'counts', samples },
    uppers: samples
      .slice(1, -1)
      .map(({ tUs }) => ({ fromUs: tUs, toUs: tUs + 200_000, high: 18, unseen: 0 })),
    claim: 20,
    replacementsAt: () => 5,
    tauCloseUs: 500_000,
    everyUs: 200_000,
    window,
    need,
  };
  const judge = (high: number | null, missing = 0): ReturnType<typeof judgeClaim> =>
    judgeClaim({
      ...sampled,
      uppers: high === null ? [] : sampled.uppers.slice(missing).map((upper) => ({ ...upper, high })),
    });

  test('a sample within the claim parts two excesses, however close they are', () => {
    const close = [6, 5, 6, 5, 6, 5, 6].map((count, index) => ({ tUs: index * 130_000, count: 15 + count }));
    const { status } = judgeClaim({
      seen: { kind: 'counts', samples: close },
      uppers: [],
      claim: 20,
      replacementsAt: () => 5,
      tauCloseUs: 500_000,
      everyUs: 200_000,
      window: { fromUs: 0, toUs: 780_000 },
      need,
    });
    expect(status).toBe('PASS_SAMPLED');
  });

  test('is certain only by an upper bound within the claim', () => {
    expect(judge(20).status).toBe('PASS');
    expect(judge(21).status).toBe('PASS_SAMPLED');
    expect(judge(null).status).toBe('PASS_SAMPLED');
  });

  test('is not certain where one upper bound of many is above the claim', () => {
    const over = {
      ...sampled,
      uppers: sampled.uppers.map((upper, n) => (n === 9 ? { ...upper, high: 21 } : upper)),
    };
    expect(judgeClaim(sampled).status).toBe('PASS');
    expect(judgeClaim(over).status).toBe('PASS_SAMPLED');
  });

  test('is certain of a part of the run by the upper bounds that touch it', () => {
    const spans = [{ fromUs: 0, toUs: 5_000_000 }];
    const touching = (high: number) =>
      judgeClaim({
        ...sampled,
        spans,
        uppers: sampled.uppers.map((upper) => (upper.fromUs >= 5_000_000 ? upper : { ...upper, high })),
      }).status;
    expect(touching(20)).toBe('PASS');
    expect(touching(21)).toBe('PASS_SAMPLED');
    const later = sampled.uppers.map((upper) => (upper.fromUs > 5_000_000 ? { ...upper, high: 99 } : upper));
    expect(judgeClaim({ ...sampled, spans, uppers: later }).status).toBe('PASS');
  });

  test('is not certain where even one upper bound is missing', () => {
    expect(judge(18, 1).status).toBe('PASS_SAMPLED');
    expect(judge(18, 18).status).toBe('PASS_SAMPLED');
  });
});

describe('B03 headroom', () => {
  const samples = Array.from({ length: 51 }, (_, index) => ({ tUs: index * 200_000, used: 60, own: 0 }));
  const base = {
    headroom: 30,
    usable: 97,
    samples,
    exact: null,
    exactIsAll: false,
    uppers: [],
    window,
    need,
  };

  test('is broken by what was counted between two samples', () => {
    const exact = [{ tUs: 3_100_000, used: 68, own: 0 }];
    expect(judgeHeadroom({ ...base, exact })).toMatchObject({
      status: 'FAIL',
      witness: { fromUs: 3_100_000 },
    });
  });

  test('is held against what the server allowed at each moment', () => {
    const usableAt = (tUs: number): number => (tUs < 4_000_000 ? 97 : 85);
    const broken = judgeHeadroom({ ...base, usableAt });
    expect(broken).toMatchObject({ status: 'FAIL', value: 25, witness: { fromUs: 4_000_000 } });
    expect(broken.reason).toContain('(60 of 85 usable ones taken)');
  });

  test('credits its owners no more than they were given', () => {
    const using = (own: number): typeof samples => samples.map((use) => ({ ...use, used: 60 + own, own }));
    expect(judgeHeadroom({ ...base, samples: using(30) }).status).toBe('PASS_SAMPLED');
    expect(judgeHeadroom({ ...base, samples: using(38) }).status).toBe('FAIL');
  });

  test('does not apply where none is declared', () => {
    expect(judgeHeadroom({ ...base, headroom: 0 }).status).toBe('NOT_APPLICABLE');
  });

  test('is certain where all sessions were counted', () => {
    expect(judgeHeadroom({ ...base, exact: [], exactIsAll: true }).status).toBe('PASS');
    expect(judgeHeadroom({ ...base, exact: [] }).status).toBe('PASS_SAMPLED');
    expect(judgeHeadroom({ ...base, exactIsAll: true }).status).toBe('PASS_SAMPLED');
  });

  test('is certain where an upper bound of every interval leaves it free, and not where one is missing', () => {
    const uppers = samples
      .slice(1, -1)
      .map(({ tUs }) => ({ fromUs: tUs, toUs: tUs + 200_000, high: 67, unseen: 0 }));
    const over = uppers.map((upper, index) => (index === 7 ? { ...upper, high: 68 } : upper));
    expect(judgeHeadroom({ ...base, uppers }).status).toBe('PASS');
    expect(judgeHeadroom({ ...base, uppers: over }).status).toBe('PASS_SAMPLED');
    expect(judgeHeadroom({ ...base, uppers: uppers.slice(1) }).status).toBe('PASS_SAMPLED');
  });
});

describe('B04 admin-canary', () => {
  const tries = [0, 1, 2].map((sec) => ({ tUs: sec * second, ok: true, tookMs: 5, error: null }));
  const base = {
    tries,
    limitMs: 1000,
    excuses: [],
    windows: [{ name: 'all', fromUs: 0, toUs: 3 * second }],
  };

  test('may take the whole acquire timeout and no more', () => {
    const taking = (tookMs: number): ReturnType<typeof judgeCanary> =>
      judgeCanary({ ...base, tries: [...tries, { tUs: 2.5 * second, ok: true, tookMs, error: null }] });
    expect(taking(1000).status).toBe('PASS');
    expect(taking(1000.1).status).toBe('FAIL');
  });

  test('says nothing of a phase in which there was none', () => {
    const windows = [...base.windows, { name: 'recovery', fromUs: 3 * second, toUs: 9 * second }];
    expect(judgeCanary({ ...base, windows })).toMatchObject({ status: 'INCONCLUSIVE' });
    expect(judgeCanary({ ...base, windows }).reason).toContain('recovery');
  });
});

describe('B05 no-53300', () => {
  test.each([
    ['sorry, too many clients already', 'slots_gone'],
    ['remaining connection slots are reserved for roles with the SUPERUSER attribute', 'only_reserved_left'],
    [
      'remaining connection slots are reserved for non-replication superuser connections',
      'only_reserved_left',
    ],
    ['too many connections for role "api"', 'role_limit'],
    ['too many connections for database "app"', 'database_limit'],
    ['', 'untold'],
  ])('"%s" is told apart', (text, kind) => {
    expect(refusalKind(text)).toBe(kind);
  });

  test('one refusal seen from three sides is one', () => {
    const seen = (['log', 'link', 'response'] as const).map((source) => ({
      tUs: 5,
      source,
      kind: 'slots_gone' as const,
      service: null,
    }));
    expect(judgeRefusals({ refusals: seen, log: { complete: true, lines: 10 } })).toMatchObject({
      status: 'FAIL',
      value: 1,
    });
  });

  test('a response alone is a FAIL without any log', () => {
    const refusals = [{ tUs: 5, source: 'response', kind: 'untold', service: 'api' }] as const;
    expect(judgeRefusals({ refusals, log: { complete: false, why: 'no log' } }).status).toBe('FAIL');
  });
});

test('B06 counts an instance from its start until it is gone', () => {
  const alive = [0, 1, 2, 3].map((sec) => ({ tUs: sec * second, count: sec + 1 }));
  expect(judgeInstanceCap({ alive, limit: 4, window }).status).toBe('PASS');
  expect(judgeInstanceCap({ alive, limit: 3, window })).toMatchObject({
    status: 'FAIL',
    value: 4,
    witness: { fromUs: 3 * second },
  });
});

describe('B11 failures-fast', () => {
  const queued = { ...thresholds, pendingMs: 10_000, failPlatformMs: 10_100 };
  const failure = (lastedMs: number, change: Partial<Failure> = {}): Failure => ({
    class: 'pool_timeout',
    arrival: 1,
    attempt: 1,
    fromUs: 0,
    endedUs: 1000 * lastedMs,
    isReceived: true,
    ...change,
  });
  const judge = (failures: readonly Failure[], limits = queued): ReturnType<typeof judgeFailures> =>
    judgeFailures({ failures, limits, overloadDeclared: true, isStorm: false });

  test('times the service from when an instance got the request', () => {
    expect(judge([failure(1100)]).status).toBe('PASS');
    expect(judge([failure(1101)]).status).toBe('FAIL');
  });

  test('grants the whole queue where nothing tells when that was, and says so', () => {
    expect(judge([failure(11_100, { isReceived: false })])).toMatchObject({ status: 'PASS' });
    expect(judge([failure(11_100, { isReceived: false })]).reason).toContain('the limit grew by 10 s');
    expect(judge([failure(11_101, { isReceived: false })]).status).toBe('FAIL');
  });

  test('an honest 504 after the request timeout is in time for its class, and too slow for the service', () => {
    expect(judge([failure(30_100, { class: 'deadline' })])).toMatchObject({ status: 'FAIL' });
    expect(judge([failure(30_100, { class: 'deadline' })]).reason).toContain('1 of 1 failures');
    expect(
      judge([...Array<Failure>(300).fill(failure(5)), failure(30_100, { class: 'deadline' })]).status,
    ).toBe('INCONCLUSIVE');
    expect(
      judge([...Array<Failure>(3000).fill(failure(5)), failure(30_100, { class: 'deadline' })]).status,
    ).toBe('PASS');
  });

  test('one slow failure in a hundred is within p99, five are not', () => {
    const mixed = (slow: number, fast: number): ReturnType<typeof judge> =>
      judge([
        ...Array<Failure>(slow).fill(failure(30_100, { class: 'deadline' })),
        ...Array<Failure>(fast).fill(failure(5)),
      ]);
    expect(mixed(5, 95)).toMatchObject({ status: 'FAIL', value: 30_100 });
    expect(mixed(5, 95).reason).toContain('5 of 100 failures');
    expect(mixed(1, 99).status).toBe('INCONCLUSIVE');
    expect(mixed(10, 1990)).toMatchObject({ status: 'PASS', confidence: 0.95 });
  });

  test('says nothing where clients gave up, too early to know, on more than one failure in a hundred', () => {
    const givenUp = failure(900, { class: 'client_timeout', isReceived: false });
    const after = (count: number): ReturnType<typeof judge> =>
      judge([...Array<Failure>(count).fill(givenUp), ...Array<Failure>(100 - count).fill(failure(5))]);
    expect(after(1).status).toBe('PASS');
    expect(after(2).status).toBe('INCONCLUSIVE');
    expect(after(2).reason).toContain('gave up on 2 of 100 failures');
  });

  test("the platform's own refusals are not the service's", () => {
    expect(judge([failure(10_100, { class: 'platform', isReceived: false })]).status).toBe('PASS');
    expect(judge([failure(10_101, { class: 'platform', isReceived: false })]).status).toBe('FAIL');
  });

  test('a request that an instance held until the platform cut it is a missed deadline', () => {
    const [attempt] = makeEvidence().attempts;
    const cut = { ...attempt!, outcome: 'platform', status: 504, receivedUs: attempt!.sentUs } as const;
    expect(failureOf(cut)).toMatchObject({ class: 'deadline', isReceived: true });
    expect(failureOf({ ...cut, receivedUs: null })).toMatchObject({ class: 'platform' });
  });

  test('a client that gave up after the limit saw no failure in time', () => {
    const givenUp = failure(12_000, { class: 'client_timeout', isReceived: false });
    expect(judge(Array<Failure>(20).fill(givenUp)).status).toBe('FAIL');
  });

  test('clients that set off a storm are no measure of what they gave up on, but a slow answer stays slow', () => {
    const givenUp = Array<Failure>(20).fill(failure(900, { class: 'client_timeout', isReceived: false }));
    const stormy = (failures: readonly Failure[], isStorm: boolean) =>
      judgeFailures({ failures, limits: queued, overloadDeclared: true, isStorm }).status;
    expect(stormy(givenUp, false)).toBe('INCONCLUSIVE');
    expect(stormy(givenUp, true)).toBe('NOT_APPLICABLE');
    expect(stormy([...givenUp, failure(1101)], true)).toBe('FAIL');
  });

  test('without a failure there is nothing to time', () => {
    expect(judge([]).status).toBe('INCONCLUSIVE');
    expect(
      judgeFailures({ failures: [], limits: queued, overloadDeclared: false, isStorm: false }).status,
    ).toBe('NOT_APPLICABLE');
  });

  test('a FAIL states the slowest and shows the first', () => {
    const late = [1500, 4000, 1200].map((lastedMs, index) =>
      failure(lastedMs, { fromUs: index * second, endedUs: index * second + 1000 * lastedMs }),
    );
    expect(judge(late)).toMatchObject({
      status: 'FAIL',
      value: 4000,
      limit: 1100,
      n: 3,
      reason: 'a pool_timeout came only after 4 s, limit 1.1 s',
      witness: { fromUs: 0, toUs: 1.5 * second },
    });
  });

  test('a FAIL is proven by its witness alone', () => {
    const slow = failure(1500, { fromUs: 5 * second, endedUs: 6.5 * second });
    const { witness } = judge([failure(10), slow]);
    expect(judge([failure(0, { fromUs: witness!.fromUs, endedUs: witness!.toUs })]).status).toBe('FAIL');
  });
});

describe('B12 request-timeout', () => {
  const judge = (
    sentUs: number,
    endedUs: number | null,
    queuedMs: number | null,
  ): ReturnType<typeof judgeRequestTimeout> =>
    judgeRequestTimeout({
      exchanges: [{ arrival: 0, attempt: 1, sentUs, endedUs, queuedMs }],
      endUs: 60 * second,
      limitMs: 4100,
      pendingMs: 10_000,
    });

  test('adds what the platform kept it waiting', () => {
    expect(judge(0, 4.1 * second, 0).status).toBe('PASS');
    expect(judge(0, 4.2 * second, 0).status).toBe('FAIL');
    expect(judge(0, 4.2 * second, 200).status).toBe('PASS');
    expect(judge(0, 14.1 * second, null).status).toBe('PASS');
    expect(judge(0, 15 * second, 12_000).status).toBe('FAIL');
  });

  test('an open request is as old as the run allows', () => {
    expect(judge(0, null, 0).status).toBe('FAIL');
    expect(judge(58 * second, null, 0).status).toBe('INCONCLUSIVE');
  });
});

describe('B22 recovery', () => {
  const windows = (goods: readonly number[], change: Partial<Cohort> = {}): readonly Cohort[] =>
    goods.map((good, index) => ({
      fromUs: (index * 5 + 25) * second,
      toUs: (index * 5 + 30) * second,
      n: 100,
      good,
      attempts: 100,
      p99Ms: 50,
      ...change,
    }));
  const judge = (
    given: readonly Cohort[],
    change: Partial<RecoveryInput> = {},
  ): ReturnType<typeof judgeRecovery> =>
    judgeRecovery({
      windows: given,
      triggerEndUs: 25 * second,
      baseline: { goodShare: 1, p99Ms: 50 },
      epsMs: 100,
      recoverHardMs: 20_000,
      recoverSoftMs: 12_000,
      loadIsBack: true,
      excess: null,
      ...change,
    });

  test.each([
    ['at once', [100, 100, 100, 100, 100, 100], 'PASS', 0],
    ['after ten seconds', [10, 40, 100, 100, 100, 100], 'PASS', 10_000],
    ['in time but late', [10, 40, 60, 100, 100, 100], 'FAIL', 15_000],
    ['neither good nor provably bad at the end', [100, 100, 100, 100, 93, 100], 'INCONCLUSIVE', 0],
    ['not watched to the end', [100, 100, 100, 100, 100], 'INCONCLUSIVE', 0],
    ['bad again after the deadline', [100, 100, 100, 100, 100, 10], 'FAIL', 30_000],
  ] as const)('%s', (_, goods, status, value) => {
    expect(judge(windows(goods))).toMatchObject({ status, value });
  });

  test('late is soft, after the deadline is hard', () => {
    expect(judge(windows([10, 40, 60, 100, 100, 100])).severity).toBe('soft');
    expect(judge(windows([10, 10, 10, 10, 10, 10])).severity).toBe('hard');
  });

  test('metastable only under the load of before', () => {
    const bad = windows([10, 10, 10, 10, 10, 10]);
    expect(judge(bad).reason).toMatch(/^METASTABLE/);
    expect(judge(bad, { loadIsBack: false })).toMatchObject({ status: 'FAIL' });
    expect(judge(bad, { loadIsBack: false }).reason).not.toMatch(/METASTABLE/);
  });

  test('good answers that stay slow, retries that go on or sessions that stay are no recovery', () => {
    const good = [100, 100, 100, 100, 100, 100];
    expect(judge(windows(good, { p99Ms: 200 })).status).toBe('PASS');
    expect(judge(windows(good, { p99Ms: 201 })).status).toBe('INCONCLUSIVE');
    expect(judge(windows(good, { attempts: 106 })).status).toBe('INCONCLUSIVE');
    expect(judge(windows(good), { excess: { peak: 21, claim: 20 } }).status).toBe('INCONCLUSIVE');
  });
});

describe('cohorts', () => {
  const at = (
    arrival: number,
    intendedMs: number,
    tookMs: number | null,
    change: Partial<Attempt> = {},
  ): Attempt => ({
    ...makeEvidence().attempts[0]!,
    arrival,
    intendedUs: 1000 * intendedMs,
    endedUs: tookMs === null ? null : 1000 * (intendedMs + tookMs),
    outcome: tookMs === null ? 'unfinished' : 'ok',
    ...change,
  });

  const cohorts = (attempts: readonly Attempt[], seconds: number): readonly Cohort[] =>
    cohortsOf(logicalRequests(attempts), 0, seconds * second, 4000);

  test('count an answer where it was asked for, however late it came', () => {
    const [first, next] = cohorts([at(0, 4000, 3000), at(1, 6000, 10)], 10);
    expect(first).toMatchObject({ n: 1, good: 1, p99Ms: 3000 });
    expect(next).toMatchObject({ n: 1, good: 1 });
  });

  test('an answer after the deadline, an open request and a failure are not good; a dropped one is not ours', () => {
    const attempts = [
      at(0, 0, 4001),
      at(1, 1, null),
      at(2, 2, 5, { outcome: 'shed' }),
      at(3, 3, null, { outcome: 'dropped' }),
    ];
    expect(cohorts(attempts, 5)).toMatchObject([{ n: 3, good: 0, p99Ms: null }]);
  });

  test('a retry that succeeds makes its request good, in the window of the first attempt', () => {
    const attempts = [at(0, 4900, 50, { outcome: 'shed' }), at(0, 5100, 20, { attempt: 2 })];
    expect(cohorts(attempts, 10)).toMatchObject([{ n: 1, good: 1, attempts: 2 }, { n: 0 }]);
  });

  test('thin ones are merged with the next, the last with the one before', () => {
    const [base] = cohorts([at(0, 0, 5)], 5);
    const of = (...counts: number[]): Cohort[] =>
      counts.map((n, index) => ({ ...base!, n, good: n, fromUs: index, toUs: index + 1 }));
    expect(mergeThin(of(20, 20, 20, 60)).map(({ n }) => n)).toEqual([60, 60]);
    expect(mergeThin(of(60, 60, 10)).map(({ n }) => n)).toEqual([60, 70]);
    expect(mergeThin(of(10)).map(({ n }) => n)).toEqual([10]);
  });
});
