import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRetry, firstTry, type EndedAttempt } from '../../../src/load/retry/decide-retry.ts';
import { makeBudget } from '../../../src/load/retry/make-budget.ts';
import type { RetryPolicy } from '../../../src/scenario/clients/client.ts';
import { layeredAmplification } from '../../../src/plan/queueing/elementary.ts';
import { answered, failing, follow, policyOf, seeded } from './policies.ts';
import { vectorsOf } from './vectors.ts';

const never = (): number => 0;

it('an answer that broke off is no success, whatever its status', () => {
  const policy = policyOf({ maxAttempts: 2 });
  const broken: EndedAttempt = { how: 'broken', status: 200, retryAfterMs: null, endedUs: 0 };
  const setting = { policy, budget: null, deadlineUs: Infinity, draw: 0 };
  expect(decideRetry(firstTry(policy), broken, setting).kind).toBe(
    policy.retryOn.connect ? 'retry' : 'give_up',
  );
  expect(decideRetry(firstTry(policy), broken, setting)).not.toMatchObject({ why: 'success' });
});

describe('how many attempts', () => {
  const requests = 10_000;

  it.each(vectorsOf('RETRY'))('$id: as many as independent failures give', ({ id, inputs, outputs }) => {
    const { p = NaN, maxAttempts = NaN } = inputs;
    const { A: expected = NaN, pLogicalFail: fails = NaN } = outputs;
    const policy = policyOf({ maxAttempts });
    const end = failing(p, seeded(id));
    const fates = Array.from({ length: requests }, () => follow({ policy, end, draw: never }));
    const mean = fates.reduce((sum, { attempts }) => sum + attempts, 0) / requests;
    const lost = fates.filter(({ isGood }) => !isGood).length / requests;
    const variance = fates.reduce((sum, { attempts }) => sum + (attempts - expected) ** 2, 0) / requests;
    expect(Math.abs(mean - expected)).toBeLessThanOrEqual(4 * Math.sqrt(variance / requests));
    expect(Math.abs(lost - fails)).toBeLessThanOrEqual(4 * Math.sqrt((fails * (1 - fails)) / requests));
  });

  it.each(vectorsOf('RETRYLAYERS'))('$id: layers multiply', ({ inputs, outputs }) => {
    const { attemptsPerLayer: maxAttempts = NaN, layers = NaN } = inputs;
    const policy = policyOf({ maxAttempts, layers });
    const fate = follow({ policy, end: (_, atUs) => answered(503, atUs), draw: never });
    expect(fate).toMatchObject({ attempts: outputs.Amax, why: 'attempts', isGood: false });
  });

  it('an outer layer sees one failure where its inner one gave up', () => {
    const policy = policyOf({ maxAttempts: 3, layers: 2 });
    const end = failing(0.5, seeded('layers'));
    const fates = Array.from({ length: requests }, () => follow({ policy, end, draw: never }));
    const mean = fates.reduce((sum, { attempts }) => sum + attempts, 0) / requests;
    // (1 - p^m) / (1 - p) attempts of a layer that fails with p; p^m is how often all of them fail.
    const attempts = (p: number, m: number): number => (1 - p ** m) / (1 - p);
    const expected = attempts(0.5, 3) * attempts(0.5 ** 3, 3);
    expect(Math.abs(mean - expected)).toBeLessThan(0.08);
  });

  it('each layer has a backoff of its own, which begins anew with each round', () => {
    const backoff = { initialMs: 10, maxMs: 1000, multiplier: 2, jitter: 'none' } as const;
    const policy = policyOf({ maxAttempts: 3, layers: 2, backoff });
    const { waitsUs } = follow({ policy, end: (_, atUs) => answered(503, atUs), draw: never });
    expect(waitsUs.map((us) => us / 1000)).toEqual([10, 20, 10, 10, 20, 20, 10, 20]);
  });

  it.each([
    [answered(200), 'success'],
    [answered(304), 'success'],
    [answered(399), 'success'],
    [answered(400), 'not_retryable'],
    [answered(404), 'not_retryable'],
    [answered(500), 'not_retryable'],
  ] as const)('after %j it is over: %s', (ended, why) => {
    const policy = policyOf();
    expect(follow({ policy, end: () => ended, draw: never })).toMatchObject({ attempts: 1, why });
  });

  it.each([
    ['timeout', { connect: false, timeout: true }],
    ['broken', { connect: true, timeout: false }],
  ] as const)('an attempt that ended by %s is retried where that is asked for', (how, on) => {
    const ended: EndedAttempt = { how, status: null, retryAfterMs: null, endedUs: 0 };
    const fateWith = (retryOn: typeof on | { connect: boolean; timeout: boolean }): number =>
      follow({ policy: policyOf({ retryOn: { statuses: [], ...retryOn } }), end: () => ended, draw: never })
        .attempts;
    expect(fateWith(on)).toBe(3);
    expect(fateWith({ connect: !on.connect, timeout: !on.timeout })).toBe(1);
  });
});

describe('when', () => {
  const backoff = { initialMs: 100, maxMs: 100, multiplier: 1, jitter: 'none' } as const;
  const atUs = (policy: RetryPolicy, ended: EndedAttempt, deadlineUs = Infinity): number | string => {
    const decision = decideRetry(firstTry(policy), ended, { policy, budget: null, deadlineUs, draw: 0 });
    return decision.kind === 'retry' ? decision.atUs : decision.why;
  };

  it.each([
    ['ignore', 2000, 100],
    ['minimum', 2000, 2000],
    ['minimum', 50, 100],
    ['exact', 2000, 2000],
    ['exact', 0, 0],
    ['exact', null, 100],
  ] as const)('Retry-After taken as %s of %s ms waits %i ms', (retryAfter, said, waitMs) => {
    expect(atUs(policyOf({ backoff, retryAfter }), answered(503, 5_000_000, said))).toBe(
      5_000_000 + 1000 * waitMs,
    );
  });

  it('a retry that could not start before the deadline is not made', () => {
    const policy = policyOf({ backoff });
    expect(atUs(policy, answered(503, 900_000), 1_000_001)).toBe(1_000_000);
    expect(atUs(policy, answered(503, 900_000), 1_000_000)).toBe('deadline');
    expect(atUs({ ...policy, retryAfter: 'minimum' }, answered(503, 0, 60_000), 30_000_000)).toBe('deadline');
  });

  it('the budget pays nothing for a retry that is not made', () => {
    const declared = {
      kind: 'quota',
      initialTokens: 1,
      retryCost: 1,
      timeoutRetryCost: 1,
      successRefill: 0,
    } as const;
    const policy = policyOf({ backoff, budget: declared, maxAttempts: 2 });
    const budget = makeBudget(declared);
    const setting = { policy, budget, draw: 0 };
    const end = answered(503);
    const last = { layers: [{ tries: 2, lastMs: null }] };
    expect(decideRetry(firstTry(policy), end, { ...setting, deadlineUs: 50 })).toMatchObject({
      why: 'deadline',
    });
    expect(decideRetry(last, end, { ...setting, deadlineUs: Infinity })).toMatchObject({ why: 'attempts' });
    expect(decideRetry(firstTry(policy), end, { ...setting, deadlineUs: Infinity }).kind).toBe('retry');
    expect(decideRetry(firstTry(policy), end, { ...setting, deadlineUs: Infinity })).toMatchObject({
      why: 'budget',
    });
  });
});

describe('what the budget is told', () => {
  const tokens = { kind: 'tokens', maxTokens: 10, tokenRatio: 1 } as const;
  const quota = {
    kind: 'quota',
    initialTokens: 10,
    retryCost: 5,
    timeoutRetryCost: 10,
    successRefill: 5,
  } as const;
  const timeout: EndedAttempt = { how: 'timeout', status: null, retryAfterMs: null, endedUs: 0 };

  /** What is decided after each of these first attempts of requests of one client. */
  const decided = (budget: RetryPolicy['budget'], ends: readonly EndedAttempt[]): readonly string[] => {
    const policy = policyOf({ budget });
    const setting = { policy, budget: budget && makeBudget(budget), deadlineUs: Infinity, draw: 0 };
    return ends.map((end) => {
      const decision = decideRetry(firstTry(policy), end, setting);
      return decision.kind === 'retry' ? 'retry' : decision.why;
    });
  };

  it('failures that are retried, with the one at hand, and no others', () => {
    const failures = Array.from({ length: 5 }, () => answered(503));
    expect(decided(tokens, failures)).toEqual(['retry', 'retry', 'retry', 'retry', 'budget']);
    const [first, ...rest] = failures;
    expect(decided(tokens, [first!, answered(404), answered(404), answered(404), ...rest])).toEqual([
      ...['retry', 'not_retryable', 'not_retryable', 'not_retryable'],
      ...['retry', 'retry', 'retry', 'budget'],
    ]);
  });

  it('failures of last attempts too', () => {
    const policy = policyOf({ maxAttempts: 2, budget: tokens });
    const budget = makeBudget(tokens);
    const course = { policy, budget, end: () => answered(503), draw: never };
    expect([1, 2, 3].map(() => follow(course).attempts)).toEqual([2, 2, 1]);
  });

  it('successes', () => {
    expect(
      decided(tokens, [
        ...Array.from({ length: 5 }, () => answered(503)),
        answered(200),
        answered(200),
        answered(503),
      ]),
    ).toEqual(['retry', 'retry', 'retry', 'retry', 'budget', 'success', 'success', 'retry']);
    expect(decided(quota, [timeout, answered(503), answered(200), answered(503)])).toEqual([
      ...['retry', 'budget', 'success', 'retry'],
    ]);
  });

  it('whether it was a timeout', () => {
    expect(decided(quota, [timeout, answered(503)])).toEqual(['retry', 'budget']);
    expect(decided(quota, [answered(503), answered(503)])).toEqual(['retry', 'retry']);
    expect(decided(quota, [answered(503), timeout])).toEqual(['retry', 'budget']);
  });
});

describe('whatever the policy', () => {
  const anyPolicy: fc.Arbitrary<RetryPolicy> = fc
    .record({
      maxAttempts: fc.integer({ min: 1, max: 4 }),
      layers: fc.integer({ min: 1, max: 3 }),
      initialMs: fc.double({ min: 0, max: 500, noNaN: true }),
      growth: fc.double({ min: 1, max: 20, noNaN: true }),
      multiplier: fc.double({ min: 1, max: 5, noNaN: true }),
      jitter: fc.constantFrom('none', 'full', 'equal', 'decorrelated'),
      retryAfter: fc.constantFrom('ignore', 'minimum', 'exact'),
    })
    .map(({ maxAttempts, layers, initialMs, growth, multiplier, jitter, retryAfter }) =>
      policyOf({
        maxAttempts,
        layers,
        retryAfter,
        backoff: { initialMs, maxMs: initialMs * growth, multiplier, jitter },
      }),
    );
  const anyEnd = fc.record({
    how: fc.constantFrom('answered', 'broken', 'timeout'),
    status: fc.constantFrom(200, 404, 503),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 3000 })),
    tookUs: fc.integer({ min: 0, max: 1_000_000 }),
    draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });

  it('there are never more than m^layers attempts, each in the range of its law and before the deadline', () => {
    fc.assert(
      fc.property(anyPolicy, fc.array(anyEnd, { minLength: 64, maxLength: 64 }), (policy, ends) => {
        const deadlineUs = 20_000_000;
        const { initialMs, maxMs } = policy.backoff;
        const least = { none: initialMs, full: 0, equal: initialMs / 2, decorrelated: initialMs };
        let state = firstTry(policy);
        let nowUs = 0;
        for (let attempt = 1; ; attempt += 1) {
          expect(attempt).toBeLessThanOrEqual(layeredAmplification(policy.maxAttempts, policy.layers));
          const { how, status, retryAfterMs, tookUs, draw } = ends[attempt - 1]!;
          const answer = how === 'answered' ? { status, retryAfterMs } : { status: null, retryAfterMs: null };
          const ended = { how, ...answer, endedUs: nowUs + tookUs };
          const decision = decideRetry(state, ended, { policy, budget: null, deadlineUs, draw });
          if (decision.kind === 'give_up') return;
          const waitUs = decision.atUs - ended.endedUs;
          const said = answer.retryAfterMs === null ? null : 1000 * answer.retryAfterMs;
          const isLaw = said === null || policy.retryAfter === 'ignore';
          if (policy.retryAfter === 'exact' && said !== null) expect(waitUs).toBe(said);
          else expect(waitUs).toBeGreaterThanOrEqual(Math.floor(1000 * least[policy.backoff.jitter]));
          if (isLaw) expect(waitUs).toBeLessThanOrEqual(Math.ceil(1000 * maxMs));
          expect(waitUs).toBeGreaterThanOrEqual(0);
          expect(decision.atUs).toBeLessThan(deadlineUs);
          expect([404, 200]).not.toContain(ended.status);
          ({ atUs: nowUs, state } = decision);
        }
      }),
      { numRuns: 150 },
    );
  });
});
