import type { Confidence, Diagnosis, Finding, Scene } from './diagnosis.ts';

/** A finding with the diagnosis it is of. */
export interface Ranked extends Finding {
  readonly id: string;
  readonly title: string;
  readonly question: Diagnosis['question'];
}

const weight: Readonly<Record<Confidence, number>> = { high: 0, medium: 1, low: 2 };

/**
 * All findings, most confident first; equals in the order given. Where no bound was broken there is nothing to
 * explain: a trace is then a remark, never more than low.
 */
export function rank(diagnoses: readonly Diagnosis[], scene: Scene): readonly Ranked[] {
  const isBroken = [...scene.results.values()].some((result) => result.status === 'FAIL');
  return diagnoses
    .flatMap((diagnosis) => {
      const finding = diagnosis.diagnose(scene);
      if (finding === null) return [];
      const confidence = isBroken ? finding.confidence : 'low';
      return [
        { ...finding, id: diagnosis.id, title: diagnosis.title, question: diagnosis.question, confidence },
      ];
    })
    .sort((a, b) => weight[a.confidence] - weight[b.confidence]);
}
