import { claimSteady } from '../../src/verdict/bounds/b01-claim-steady.ts';
import { describe, expect, test } from 'vitest';
import type { BoundResult } from '../../src/verdict/bounds/shared/bound.ts';
import { result } from '../../src/verdict/bounds/shared/result.ts';
import { isPass, overall } from '../../src/verdict/bounds/algebra.ts';
import { judges, overallVectors, thresholds, vectors } from './support/vectors.ts';

/** A vector's PASS stands for the certain and the sampled one. */
function wordOf(result: BoundResult): string {
  return isPass(result) ? 'PASS' : result.status;
}

describe('the verdict vectors', () => {
  test.each(vectors.map((vector) => [vector.id, vector] as const))(
    '%s is judged as its author says',
    (_, vector) => {
      const result = judges[vector.bound]!(vector);
      expect(`${wordOf(result)} (${result.reason})`).toMatch(new RegExp(`^${vector.expect} `));
      expect(result.witness !== null).toBe(vector.expect === 'FAIL');
      if (vector.reference.severity !== undefined) expect(result.severity).toBe(vector.reference.severity);
      if (vector.reference.recoveryMs !== undefined) expect(result.value).toBe(vector.reference.recoveryMs);
    },
  );

  test.each(overallVectors.map((vector) => [vector.id, vector] as const))(
    '%s is summed up as its author says',
    (_, vector) => {
      const judged = vector.evidence.map(({ status, severity, required }) => ({
        bound: { ...claimSteady, required: required ?? true },
        result: result({ status, severity: severity ?? 'hard', unit: 'count', reason: '' }),
      }));
      expect(overall(judged)).toBe(vector.expect);
    },
  );

  test('are left out for no bound', () => {
    expect(vectors.filter(({ bound }) => judges[bound] === undefined)).toEqual([]);
  });

  test('are judged by the thresholds that their budget derives', () => {
    expect(thresholds).toMatchObject({
      claim: 20,
      claimOverlap: 40,
      usable: 97,
      epsMs: 100,
      tauCloseMs: 500,
      pendingMs: 0,
      recoverHardMs: 40_000,
    });
  });
});
