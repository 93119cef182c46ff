import { countAt, stepsOf, timeAtLeast, type Step } from '../../../evidence/sessions/steps.ts';
import type { ServiceFacts } from '../service-facts.ts';

/** How many revisions held sessions at each moment. */
function holding(revisions: ServiceFacts['perRevision']): readonly Step[] {
  return stepsOf(
    [...revisions.values()].flatMap((steps) => {
      let held = 0;
      return steps.flatMap(({ tUs, count }) => {
        const before = held;
        held = count;
        if (before > 0 === count > 0) return [];
        return { tUs, delta: count > 0 ? 1 : -1 };
      });
    }),
  );
}

/** How long, within the rollouts, more than one revision held sessions; null where nothing tells whose they were. */
export function togetherUs({ perRevision, overlaps }: ServiceFacts): number | null {
  if (perRevision.size === 0) return null;
  const several = holding(perRevision);
  return overlaps.reduce((sum, { fromUs, toUs }) => sum + timeAtLeast(several, 2, fromUs, toUs), 0);
}

/** Which revisions held sessions at a moment, and how many. */
export function heldAt(
  { perRevision }: ServiceFacts,
  tUs: number,
): readonly { readonly revision: string; readonly sessions: number }[] {
  return [...perRevision]
    .map(([revision, steps]) => ({ revision, sessions: countAt(steps, tUs) }))
    .filter(({ sessions }) => sessions > 0);
}
