import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Random } from '../../../src/base/random.ts';
import { makeBudget } from '../../../src/load/retry/make-budget.ts';
import { budgetDefaults, policies } from '../../../src/scenario/clients/client-policies.ts';
import { answered, follow, policyOf, seeded } from './policies.ts';
import { vectorOf } from './vectors.ts';

interface Arrivals {
  readonly ratePerSec: number;
  readonly seconds: number;
  /** Share of attempts that fail. */
  readonly failing: number;
}

/** Attempts for a request when a client with a budget sends evenly and each attempt takes 10 ms. */
function amplification(
  budget: ReturnType<typeof makeBudget>,
  { ratePerSec, seconds, failing }: Arrivals,
  random: Random,
): number {
  const policy = policyOf({ maxAttempts: 4 });
  let attempts = 0;
  for (let index = 0; index < ratePerSec * seconds; index += 1) {
    const startUs = (index * 1e6) / ratePerSec;
    budget.onRequest(startUs);
    const end = (_: number, atUs: number) => answered(random() < failing ? 503 : 200, atUs + 10_000);
    attempts += follow({ policy, budget, startUs, end, draw: () => 0 }).attempts;
  }
  return attempts / (ratePerSec * seconds);
}

describe('a budget by ratio', () => {
  it('RETRYBUDGET-finagle: over a long run the attempts stay at 1 + ratio + min / lambda', () => {
    const { inputs, outputs } = vectorOf('RETRYBUDGET-finagle');
    const { percentCanRetry = NaN, minRetriesPerSec = NaN, lambda_rps: ratePerSec = NaN } = inputs;
    const { Amax: most = NaN } = outputs;
    expect(policies.finagle.budget).toMatchObject({ ratio: percentCanRetry, minRetriesPerSec });
    const run = { ratePerSec, seconds: 300, failing: 1 };
    const attempts = amplification(makeBudget(budgetDefaults.ratio), run, seeded('ratio'));
    expect(attempts).toBeLessThanOrEqual(most);
    expect(attempts).toBeGreaterThan(most - 0.01);
  });

  it('lets a client begin with the reserve of a whole window, and no more', () => {
    const budget = makeBudget({ kind: 'ratio', ratio: 0.5, minRetriesPerSec: 2, ttlMs: 5000 });
    const taken = Array.from({ length: 20 }, () => budget.take(0, false)).filter(Boolean);
    expect(taken).toHaveLength(10);
    budget.onRequest(0);
    expect(budget.take(0, false)).toBe(false);
    budget.onRequest(0);
    expect(budget.take(0, false)).toBe(true);
  });

  it('forgets requests, and what was taken, after the window', () => {
    const budget = makeBudget({ kind: 'ratio', ratio: 1, minRetriesPerSec: 0, ttlMs: 1000 });
    budget.onRequest(50_000);
    expect(budget.take(1_040_000, false)).toBe(false);
    budget.onRequest(1_040_000);
    expect(budget.take(1_900_000, false)).toBe(true);
    expect(budget.take(1_900_000, false)).toBe(false);
  });

  it('takes a time before the last as the last', () => {
    const budget = makeBudget({ kind: 'ratio', ratio: 1, minRetriesPerSec: 0, ttlMs: 1000 });
    budget.onRequest(5_000_000);
    expect(budget.take(4_700_000, false)).toBe(true);
    expect(budget.take(4_700_000, false)).toBe(false);
    budget.onRequest(5_000_000);
    expect(budget.take(5_000_000, false)).toBe(true);
  });

  const steps = fc.array(
    fc.record({
      afterUs: fc.oneof(fc.integer({ min: 0, max: 400_000 }), fc.integer({ min: 0, max: 2_500_000 })),
      what: fc.constantFrom('request', 'retry'),
    }),
    { minLength: 1, maxLength: 200 },
  );

  it('is exceeded in no window, whatever comes when', () => {
    fc.assert(
      fc.property(
        steps,
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.integer({ min: 0, max: 3 }),
        (all, ratio, minRetriesPerSec) => {
          const ttlMs = 1000;
          const budget = makeBudget({ kind: 'ratio', ratio, minRetriesPerSec, ttlMs });
          const seen: { slice: number; retries: number; requests: number }[] = [];
          let nowUs = 0;
          for (const { afterUs, what } of all) {
            nowUs += afterUs;
            const slice = Math.floor(nowUs / (100 * ttlMs));
            if (what === 'request') budget.onRequest(nowUs);
            const isTaken = what === 'retry' && budget.take(nowUs, false);
            seen.push({ slice, requests: what === 'request' ? 1 : 0, retries: isTaken ? 1 : 0 });
            const window = seen.filter((one) => one.slice > slice - 10);
            const sum = (of: 'requests' | 'retries'): number =>
              window.reduce((total, one) => total + one[of], 0);
            const allowed = ratio * sum('requests') + (minRetriesPerSec * ttlMs) / 1000;
            if (isTaken) expect(sum('retries')).toBeLessThanOrEqual(allowed + 1e-6);
            if (what === 'retry' && !isTaken) expect(sum('retries') + 1).toBeGreaterThan(allowed);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a budget of tokens', () => {
  const { inputs, outputs } = vectorOf('RETRYTHROTTLE-grpc');
  const { maxTokens = NaN, tokenRatio = NaN } = inputs;
  const { criticalFailureRate: critical = NaN, failuresToThrottleFromFull: failuresToStop = NaN } = outputs;
  const declared = { kind: 'tokens', maxTokens, tokenRatio } as const;

  it('RETRYTHROTTLE-grpc: so many failures in a row end retrying', () => {
    expect(policies.grpc.budget).toEqual(declared);
    const budget = makeBudget(declared);
    for (let failure = 1; failure <= 20; failure += 1) {
      budget.onFailure(0);
      expect(budget.take(0, false)).toBe(failure < failuresToStop);
    }
  });

  it('never owes anything: half of the tokens in successes, and one more, is enough after any number of failures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 500 }), (failures) => {
        const budget = makeBudget(declared);
        for (let index = 0; index < failures; index += 1) budget.onFailure(0);
        for (let index = 0; index < 50; index += 1) budget.onSuccess(0);
        expect(budget.take(0, false)).toBe(false);
        budget.onSuccess(0);
        expect(budget.take(0, false)).toBe(true);
      }),
    );
  });

  it('never holds more than its maximum, whatever succeeded before', () => {
    const budget = makeBudget(declared);
    for (let index = 0; index < 1000; index += 1) budget.onSuccess(0);
    for (let index = 0; index < 5; index += 1) budget.onFailure(0);
    expect(budget.take(0, false)).toBe(false);
  });

  /** Share of failures that may be retried, late in a long run. */
  const allowed = (failureRate: number): number => {
    const budget = makeBudget(declared);
    const random = seeded(`tokens-${failureRate}`);
    const takes: boolean[] = [];
    for (let index = 0; index < 40_000; index += 1) {
      if (random() >= failureRate) budget.onSuccess(0);
      else {
        budget.onFailure(0);
        takes.push(budget.take(0, false));
      }
    }
    const late = takes.slice(takes.length / 2);
    return late.filter(Boolean).length / late.length;
  };

  it('RETRYTHROTTLE-grpc: retries stop above the critical failure rate, and go on below it', () => {
    expect(critical).toBeCloseTo(tokenRatio / (1 + tokenRatio), 6);
    expect(allowed(1.5 * critical)).toBeLessThan(0.05);
    expect(allowed(0.5 * critical)).toBeGreaterThan(0.95);
  });
});

describe('a budget of a quota', () => {
  const { inputs, outputs } = vectorOf('RETRYBUDGET-awsstd');
  const declared = budgetDefaults.quota;

  it('RETRYBUDGET-awsstd: a burst from full, then as many as successes pay', () => {
    const { initialTokens, retryCost, successRefill, failureRate = NaN } = inputs;
    const { steadyRetryPerSuccess = NaN, steadyRetryPerFirstAttemptAtMost: atMost = NaN } = outputs;
    expect(declared).toMatchObject({ initialTokens, retryCost, successRefill });
    const budget = makeBudget(declared);
    const takeAll = (): number => {
      let taken = 0;
      while (taken < 1000 && budget.take(0, false)) taken += 1;
      return taken;
    };
    expect(takeAll()).toBe(outputs.burstRetries);
    const firsts = 10_000;
    let retries = 0;
    for (let index = 0; index < firsts; index += 1) {
      if (index % 2 === 0) budget.onSuccess(0);
      retries += takeAll();
    }
    expect(retries / (firsts * (1 - failureRate))).toBeCloseTo(steadyRetryPerSuccess, 3);
    expect(retries / firsts).toBeLessThanOrEqual(atMost + 1e-9);
  });

  it('takes more for a retry after a timeout', () => {
    const budget = makeBudget(declared);
    let taken = 0;
    while (taken < 1000 && budget.take(0, true)) taken += 1;
    expect(taken).toBe(50);
  });

  it('a token is ten tenths exactly', () => {
    const budget = makeBudget(policies.token_bucket.budget ?? declared);
    while (budget.take(0, false));
    for (let index = 0; index < 9; index += 1) budget.onSuccess(0);
    expect(budget.take(0, false)).toBe(false);
    budget.onSuccess(0);
    expect(budget.take(0, false)).toBe(true);
  });

  it('never owes anything and never holds more than at first', () => {
    const step = fc.constantFrom('success', 'failure', 'retry', 'late retry');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const budget = makeBudget({ ...declared, initialTokens: 20 });
        let tokens = 20;
        for (const what of steps) {
          if (what === 'success') {
            budget.onSuccess(0);
            tokens = Math.min(20, tokens + 1);
          } else if (what === 'failure') budget.onFailure(0);
          else {
            const cost = what === 'retry' ? 5 : 10;
            expect(budget.take(0, what === 'late retry')).toBe(tokens >= cost);
            if (tokens >= cost) tokens -= cost;
          }
        }
      }),
    );
  });
});
