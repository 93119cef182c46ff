import { describe, expect, test } from 'vitest';
import { judgeIdleInTransaction } from '../../../src/verdict/bounds/b14-idle-in-transaction.ts';
import { judgeTransactionAge } from '../../../src/verdict/bounds/b15-transaction-age.ts';
import { judgeStatementAge } from '../../../src/verdict/bounds/b16-statement-age.ts';
import { judgeLockQueue, type LockInput } from '../../../src/verdict/bounds/b17-lock-queue.ts';
import { coverageNeed } from '../../../src/verdict/facts/sessions/coverage.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { makeEvidence } from '../support/evidence-builder.ts';

const everyUs = 200_000;
const window = { fromUs: 0, toUs: 10_000_000 };
const need = coverageNeed({ everyMs: 200, acquireMs: 1000, tauCloseMs: 500 });
const limits = { acquireMs: 1000, statementMs: 5000, requestMs: 30_000, limitMs: 5100 };

/** The oldest in each of 51 samples. */
function aged(ageMs: number, at = 20, skip: (index: number) => boolean = () => false) {
  const all = Array.from({ length: 51 }, (_, index) => ({
    tUs: index * everyUs,
    ageMs: index === at ? ageMs : 10,
  }));
  return { ...limits, sights: all.filter((_, index) => !skip(index)), window, need };
}

describe('a session idle in its transaction', () => {
  test.each([
    [800, 'PASS', 'hard'],
    [900, 'PASS_SAMPLED', 'hard'],
    [1001, 'FAIL', 'soft'],
    [5000, 'FAIL', 'soft'],
    [5001, 'FAIL', 'hard'],
  ] as const)('for %i ms is %s (%s)', (ageMs, status, severity) => {
    expect(judgeIdleInTransaction(aged(ageMs))).toMatchObject({ status, severity });
  });

  test('was seen to break the limit when it did so, and one sight is enough', () => {
    const { status, witness, limit } = judgeIdleInTransaction(aged(5400, 20, (index) => index > 20));
    expect(status).toBe('FAIL');
    expect(limit).toBe(5000);
    expect(witness).toMatchObject({ fromUs: 20 * everyUs - 400_000, toUs: 20 * everyUs });
  });

  test('may have been missed where nobody looked, or may not be seen at all', () => {
    expect(judgeIdleInTransaction(aged(10, 0, (index) => index > 5 && index < 12)).status).toBe(
      'INCONCLUSIVE',
    );
    expect(judgeIdleInTransaction({ ...aged(10), sights: null }).reason).toContain('may not see');
    expect(judgeIdleInTransaction({ ...aged(10), sights: [] }).status).toBe('INCONCLUSIVE');
  });
});

test.each([
  [4000, 'PASS', 'hard'],
  [5001, 'FAIL', 'soft'],
  [30_001, 'FAIL', 'hard'],
] as const)('a transaction of %i ms is %s (%s)', (ageMs, status, severity) => {
  expect(judgeTransactionAge(aged(ageMs))).toMatchObject({ status, severity });
});

test.each([
  [4800, 'PASS'],
  [5100, 'PASS_SAMPLED'],
  [5101, 'FAIL'],
] as const)('a statement of %i ms is %s', (ageMs, status) => {
  expect(judgeStatementAge(aged(ageMs))).toMatchObject({ status, severity: 'hard' });
});

describe('sessions that wait for a lock', () => {
  /** So many wait from the 10th sample on, for so many samples. */
  const queued = (waiting: number, samples: number, oldestMs = 300): LockInput => ({
    ...limits,
    claim: 8,
    window,
    need,
    samples: Array.from({ length: 51 }, (_, index) => {
      const isHeld = index >= 10 && index < 10 + samples;
      return { tUs: index * everyUs, waiting: isHeld ? waiting : 0, oldestMs: isHeld ? oldestMs : 0 };
    }),
    rootAt: () => 'report (idle in transaction)',
  });

  test.each([
    ['half of the claim, all the time', 4, 40, 300, 'PASS', 'hard'],
    ['more than half, for T_acq', 5, 6, 300, 'PASS', 'hard'],
    ['more than half, for longer', 5, 7, 300, 'FAIL', 'soft'],
    ['all of it, for T_stmt and T_acq', 8, 31, 300, 'FAIL', 'soft'],
    ['all of it, for longer', 8, 32, 300, 'FAIL', 'hard'],
    ['one, for longer than a statement may take', 1, 1, 5101, 'FAIL', 'hard'],
  ] as const)('%s', (_, waiting, samples, oldestMs, status, severity) => {
    expect(judgeLockQueue(queued(waiting, samples, oldestMs))).toMatchObject({ status, severity });
  });

  test('say who holds it', () => {
    expect(judgeLockQueue(queued(8, 40)).witness?.what).toContain('held by report (idle in transaction)');
  });

  test('are no proof of anything where nobody looked', () => {
    const { samples, ...rest } = queued(0, 0);
    expect(judgeLockQueue({ ...rest, samples: samples!.slice(0, 20) }).status).toBe('INCONCLUSIVE');
    expect(judgeLockQueue({ ...rest, samples: null }).status).toBe('INCONCLUSIVE');
  });
});

describe('a service that parks its sessions in transactions', () => {
  test('breaks softly what is longer than T_acq, and is DEGRADED', () => {
    const summary = judge(makeEvidence({ stateAt: () => ({ state: 'idle in transaction', ageMs: 1500 }) }));
    expect(summary.bounds.find(({ id }) => id === 'B14')).toMatchObject({ status: 'FAIL', severity: 'soft' });
    expect(summary.verdict).toBe('DEGRADED');
    expect(summary.answers.bounded).toBe('yes');
  });

  test('breaks the promise when it is longer than T_stmt', () => {
    const summary = judge(makeEvidence({ stateAt: () => ({ state: 'idle in transaction', ageMs: 2500 }) }));
    expect(summary.verdict).toBe('FAIL');
    expect(summary.headline).toContain('idle-in-transaction (B14)');
  });
});
