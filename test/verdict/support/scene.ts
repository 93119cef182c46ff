import type { Evidence } from '../../../src/evidence/evidence.ts';
import { bounds, type BoundId } from '../../../src/verdict/bounds/bounds.ts';
import type { BoundResult } from '../../../src/verdict/bounds/shared/bound.ts';
import type { Scene } from '../../../src/verdict/diagnoses/shared/diagnosis.ts';
import { painOf } from '../../../src/verdict/diagnoses/shared/pain.ts';
import { runFacts } from '../../../src/verdict/facts/run-facts.ts';

/** What diagnoses look at: a run with what its bounds say, no guard applied. */
export function sceneOf(evidence: Evidence): Scene {
  const run = runFacts(evidence);
  const { driven: service } = run;
  const results = new Map<BoundId, BoundResult>(bounds.map((bound) => [bound.id, bound.judge(run, service)]));
  return { run, service, results, pain: painOf(run, service, results) };
}
