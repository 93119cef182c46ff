import { expect, test } from 'vitest';
import { judgeOrphans, type OrphanInput } from '../../../src/verdict/bounds/b13-no-orphans.ts';

const second = 1_000_000;
/** One request from second 1 to 2, given up then. */
const open = { sentUs: Float64Array.of(second), endedUs: Float64Array.of(2 * second) };

/** A session that works from second 1 on, for so long, looked at ten times a second for 20 s. */
function judged(workS: number, change: Partial<OrphanInput> = {}) {
  const samples = Array.from({ length: 200 }, (_, index) => {
    const tUs = index * 100_000;
    return { tUs, busy: tUs >= second && tUs < (1 + workS) * second ? 1 : 0 };
  });
  return judgeOrphans({ samples, open, aborted: 1, background: 0, skewUs: 50_000, limitMs: 5100, ...change });
}

test.each([
  ['work that ends with its request', 1, 'PASS'],
  ['work that goes on as long as a statement may take', 6, 'PASS'],
  ['work that outlives that', 7, 'FAIL'],
  ['work that is not over when observation ends, and not yet too long', 30, 'FAIL'],
] as const)('%s', (_, workS, status) => {
  expect(judged(workS).status).toBe(status);
});

test('a FAIL says how many sessions, for how long, and when', () => {
  const { witness, value } = judged(8);
  expect(value).toBeGreaterThan(6500);
  expect(witness).toMatchObject({ fromUs: 2.1 * second });
  expect(witness?.what).toMatch(/^up to 1 sessions worked for/);
});

test('a PASS says how long any session worked on', () => {
  expect(judged(1)).toMatchObject({
    value: 0,
    reason: '1 requests were given up, and no session was seen working for them',
  });
  expect(judged(3)).toMatchObject({
    value: 1800,
    reason: '1 requests were given up; sessions worked on for 1.8 s at most',
  });
});

test('nothing is orphaned where nobody gave up, and nothing is known where nobody looked', () => {
  expect(judged(8, { aborted: 0 }).status).toBe('NOT_APPLICABLE');
  expect(judged(8, { samples: [] }).status).toBe('INCONCLUSIVE');
});

test('work that went on when observation ended is not judged before its time', () => {
  const samples = [1, 2, 3, 4, 5].map((s) => ({ tUs: s * second, busy: 1 }));
  expect(judged(0, { samples }).status).toBe('INCONCLUSIVE');
});

test("a service's own background work is no orphan, and a request of which nobody knows the end accuses nobody", () => {
  expect(judged(8, { background: 1 })).toMatchObject({ status: 'PASS', value: 0 });
  expect(judged(8, { open: { ...open, endedUs: Float64Array.of(Infinity) } }).status).toBe('PASS');
});
