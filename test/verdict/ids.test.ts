import { expect, test } from 'vitest';
import type { BoundId } from '../../src/verdict/bounds/bounds.ts';
import { bounds } from '../../src/verdict/bounds/bounds.ts';
import { always, type Bound } from '../../src/verdict/bounds/shared/bound.ts';
import type { DiagnosisId } from '../../src/verdict/diagnoses/diagnoses.ts';
import { sceneOf } from './support/scene.ts';
import { makeEvidence } from './support/evidence-builder.ts';

test('a misspelt id does not compile', () => {
  // @ts-expect-error no bound is called so
  const bound: BoundId = 'B99';
  // @ts-expect-error no diagnosis is called so
  const diagnosis: DiagnosisId = 'D99';
  // @ts-expect-error no guard is called so: the bound would go without it in silence
  const needs: Bound['needs'] = [...always, 'V3'];
  const { results } = sceneOf(makeEvidence());
  // @ts-expect-error no result is ever found under this id
  expect(results.get('B99')).toBeUndefined();
  expect([bound, diagnosis, needs.length]).toEqual(['B99', 'D99', 5]);
});

test('every bound has words of its own, and weighs what it says', () => {
  const run = sceneOf(makeEvidence());
  for (const { id, severity } of bounds) {
    const result = run.results.get(id);
    if (typeof severity === 'string') expect([id, result?.severity]).toEqual([id, severity]);
  }
  expect(new Set(bounds.map(({ title }) => title)).size).toBe(bounds.length);
});
