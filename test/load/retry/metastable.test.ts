import { describe, expect, it } from 'vitest';
import { customPolicy } from '../../../src/scenario/clients/client-policies.ts';
import type { RetryPolicy } from '../../../src/scenario/clients/client.ts';
import { seeded } from './policies.ts';
import { vectorsOf } from './vectors.ts';
import { weather } from './wasted-work.ts';

interface Outcome {
  readonly id: string;
  readonly inputs: {
    readonly lambda_rps: number;
    readonly maxAttempts: number;
    readonly policy: 'wasted' | 'acq';
    readonly retryBudget: number | null;
  };
  readonly outputs: {
    readonly recoveryAfterTriggerEnd_s: readonly number[];
    readonly goodFractionLate: readonly number[];
    readonly ampLate: readonly number[];
  };
}

function policyWith(maxAttempts: number, ratio: number | null): RetryPolicy {
  const budget =
    ratio === null ? null : ({ kind: 'ratio', ratio, minRetriesPerSec: 0, ttlMs: 10_000 } as const);
  return { ...customPolicy, maxAttempts, budget };
}

describe('after a trigger of ten seconds', () => {
  const outcomes = vectorsOf('METASIM') as unknown as readonly Outcome[];

  it.each(outcomes)('$id', ({ id, inputs, outputs }) => {
    const storm = {
      ratePerSec: inputs.lambda_rps,
      policy: policyWith(inputs.maxAttempts, inputs.retryBudget),
      acquireTimeoutMs: inputs.policy === 'acq' ? 1000 : null,
      attemptTimeoutMs: inputs.policy === 'acq' ? 2000 : 1000,
    };
    for (const seed of [1, 2]) {
      const { recoverySec, goodLate, attemptsLate } = weather(storm, seeded(`${id}/${seed}`));
      expect(recoverySec !== null).toBe(outputs.recoveryAfterTriggerEnd_s.every((seconds) => seconds >= 0));
      expect(Math.abs(goodLate - outputs.goodFractionLate[0]!)).toBeLessThan(0.05);
      expect(attemptsLate / outputs.ampLate[0]!).toBeGreaterThan(0.8);
      expect(attemptsLate / outputs.ampLate[0]!).toBeLessThan(1.2);
    }
  });

  it('36/s with three attempts at a capacity of 100/s stays down: 36 x 3 is more than 100', () => {
    const storm = {
      ratePerSec: 36,
      policy: policyWith(3, null),
      acquireTimeoutMs: null,
      attemptTimeoutMs: 1000,
    };
    for (const seed of [1, 2])
      expect(weather(storm, seeded(`36/${seed}`))).toMatchObject({ recoverySec: null });
  });

  it('80/s without retries comes back by itself', () => {
    const storm = {
      ratePerSec: 80,
      policy: policyWith(1, null),
      acquireTimeoutMs: null,
      attemptTimeoutMs: 1000,
    };
    expect(weather(storm, seeded('80')).recoverySec).not.toBeNull();
  });
});
