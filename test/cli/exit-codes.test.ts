import { expect, test } from 'vitest';
import { codeOfSummary, codeWhenStopped } from '../../src/cli/exit-codes.ts';
import type { Summary } from '../../src/verdict/summary/summary.ts';

const guard = (id: string, ok: boolean): Summary['validity'][number] => ({
  id,
  name: id,
  ok,
  value: null,
  limit: null,
  unit: 'ms',
  reason: '',
  affects: [],
  provenance: 'observed',
});

test.each([
  ['PASS', false, 0],
  ['DEGRADED', false, 0],
  ['DEGRADED', true, 1],
  ['FAIL', false, 1],
  ['INCONCLUSIVE', false, 3],
  ['ABORTED', false, 4],
] as const)('%s exits (strict: %s) with %i', (verdict, strict, code) => {
  expect(codeOfSummary({ verdict, validity: [guard('V01', false), guard('V11', true)] }, strict)).toBe(code);
});

test('clients that broke their own policy are a defect of the harness, whatever the verdict', () => {
  expect(codeOfSummary({ verdict: 'FAIL', validity: [guard('V11', false)] }, false)).toBe(70);
});

test.each([
  ['never stopped', 3, undefined, 3],
  ['Ctrl-C', 130, 130, 130],
  ['SIGTERM: the verdict does not know which signal it was', 130, 143, 143],
  ['stopped when all was judged already', 1, 130, 130],
  ['stopped, and something could not be undone', 5, 130, 5],
  ['stopped, and clients that broke their own policy', 70, 143, 70],
] as const)('%s', (_, code, bySignal, exit) => {
  expect(codeWhenStopped(code, bySignal)).toBe(exit);
});
