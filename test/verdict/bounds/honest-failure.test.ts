import { expect, test } from 'vitest';
import type { Attempt, Outcome } from '../../../src/evidence/attempt.ts';
import { judgeHonesty } from '../../../src/verdict/bounds/b19-honest-failure.ts';
import { makeEvidence } from '../support/evidence-builder.ts';

const [template] = makeEvidence().attempts;

function attempts(outcome: Outcome, count: number, change: Partial<Attempt> = {}): readonly Attempt[] {
  const one: Attempt = { ...template!, outcome, status: 503, retryAfterMs: 1000, ...change };
  return Array.from({ length: count }, (_, index) => ({ ...one, arrival: index, sentUs: index * 1000 }));
}

const judged = (
  all: readonly (readonly Attempt[])[],
  excuses: readonly { fromUs: number; toUs: number }[] = [],
) => judgeHonesty({ attempts: all.flat(), excuses, recoverMs: 15_000 });

test.each([
  ['all answered honestly', [attempts('ok', 900), attempts('shed', 100)], 'PASS', 'hard'],
  ['one success that is none', [attempts('ok', 900), attempts('dishonest', 1)], 'FAIL', 'hard'],
  ['turned away with 500', [attempts('ok', 900), attempts('shed', 100, { status: 500 })], 'FAIL', 'hard'],
  ['turned away with 429', [attempts('pool_timeout', 100, { status: 429 })], 'PASS', 'hard'],
  ['no Retry-After', [attempts('shed', 100, { retryAfterMs: null })], 'FAIL', 'soft'],
  ['Retry-After of no time', [attempts('shed', 100, { retryAfterMs: 0 })], 'FAIL', 'soft'],
  ['Retry-After far away', [attempts('shed', 100, { retryAfterMs: 16_000 })], 'FAIL', 'soft'],
  ['ten of a thousand broken off', [attempts('ok', 990), attempts('conn_error', 10)], 'FAIL', 'hard'],
  ['one of a thousand broken off', [attempts('ok', 999), attempts('conn_error', 1)], 'INCONCLUSIVE', 'hard'],
  ['one of a hundred thousand', [attempts('ok', 99_999), attempts('conn_error', 1)], 'PASS', 'hard'],
  ['failures of no known kind', [attempts('shed', 90), attempts('unknown', 10)], 'FAIL', 'hard'],
] as const)('%s', (_, all, status, severity) => {
  expect(judged(all)).toMatchObject({ status, severity });
});

test('what broke off while an instance was killed is excused, and nothing else is', () => {
  const all = [attempts('ok', 990), attempts('conn_error', 10, { endedUs: 10_000 })];
  expect(judged(all, [{ fromUs: 0, toUs: 20_000 }]).status).toBe('PASS');
  expect(judged(all, [{ fromUs: 2_000_000, toUs: 3_000_000 }]).status).toBe('FAIL');
  const fake = [attempts('ok', 990), attempts('dishonest', 1, { endedUs: 10_000 })];
  expect(judged(fake, [{ fromUs: 0, toUs: 20_000 }]).status).toBe('FAIL');
});

test('what our own machine could not send is not the service’s', () => {
  expect(judged([attempts('ok', 900), attempts('conn_error', 100, { errorCode: 'EMFILE' })]).status).toBe(
    'PASS',
  );
});

test('says how sure it is', () => {
  expect(judged([attempts('ok', 10)]).confidence).toBeGreaterThan(0.009);
  expect(judged([[]]).status).toBe('INCONCLUSIVE');
});
