import { makeRandom, type Random } from '../../../src/base/random.ts';
import { decideRetry, firstTry, type EndedAttempt } from '../../../src/load/retry/decide-retry.ts';
import type { Budget } from '../../../src/load/retry/budget.ts';
import { noRetry, type RetryPolicy } from '../../../src/scenario/clients/client.ts';

/** Retries of 503 and of everything without a status, at once and without limits unless told otherwise. */
export function policyOf(more: Partial<RetryPolicy> = {}): RetryPolicy {
  return {
    ...noRetry,
    name: 'custom',
    maxAttempts: 3,
    retryOn: { statuses: [503], connect: true, timeout: true },
    ...more,
  };
}

/** An answer, at a moment. */
export function answered(status: number, endedUs = 0, retryAfterMs: number | null = null): EndedAttempt {
  return { how: 'answered', status, retryAfterMs, endedUs };
}

/** What a request went through. */
export interface Fate {
  readonly attempts: number;
  readonly isGood: boolean;
  /** Between the end of an attempt and the start of the next, microseconds. */
  readonly waitsUs: readonly number[];
  readonly why: string;
}

export interface Course {
  readonly policy: RetryPolicy;
  readonly budget?: Budget | null;
  readonly deadlineUs?: number;
  readonly startUs?: number;
  /** How an attempt ends; 1 is the first. */
  readonly end: (attempt: number, atUs: number) => EndedAttempt;
  readonly draw: (attempt: number) => number;
}

/** More attempts than any policy may make. */
const tooMany = 100_000;

/** Takes one request through its retry loops. */
export function follow({
  policy,
  budget = null,
  deadlineUs = Infinity,
  startUs = 0,
  end,
  draw,
}: Course): Fate {
  let state = firstTry(policy);
  let atUs = startUs;
  const waitsUs: number[] = [];
  for (let attempt = 1; attempt < tooMany; attempt += 1) {
    const ended = end(attempt, atUs);
    const decision = decideRetry(state, ended, { policy, budget, deadlineUs, draw: draw(attempt) });
    if (decision.kind === 'give_up') {
      const { why } = decision;
      return { attempts: attempt, isGood: why === 'success', waitsUs, why };
    }
    waitsUs.push(decision.atUs - ended.endedUs);
    ({ atUs, state } = decision);
  }
  throw new Error('a request without an end');
}

/** Attempts that fail independently of each other. */
export function failing(share: number, random: Random): Course['end'] {
  return (_, atUs) => answered(random() < share ? 503 : 200, atUs);
}

export function seeded(name: string): Random {
  return makeRandom(1, name);
}
