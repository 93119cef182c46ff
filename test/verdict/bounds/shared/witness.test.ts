import { describe, expect, it } from 'vitest';
import { confidenceWords } from '../../../../src/verdict/bounds/shared/witness.ts';
import { confidenceOfMax } from '../../../../src/verdict/statistics/quantile.ts';

describe('confidence in words', () => {
  it.each([
    [0.95, '95 %'],
    [0.9999, '99.9 %'],
    [confidenceOfMax(1077, 0.99), '99.9 %'],
    // So many that 1 - q^n is 1 to the last bit.
    [confidenceOfMax(1e6, 0.99), '99.9 %'],
    [0, '0 %'],
  ])('never rounds %s up', (confidence, words) => {
    expect(confidenceWords(confidence)).toBe(words);
  });
});
