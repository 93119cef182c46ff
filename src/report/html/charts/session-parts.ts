import { linkSessions } from '../../../evidence/sessions/sessions.ts';
import { stepsWithin, type Step } from '../../../evidence/sessions/steps.ts';
import type { View } from '../view.ts';

/** The sessions of one service or one revision, over time. */
export interface SessionPart {
  readonly label: string;
  readonly tone: string;
  readonly steps: readonly Step[];
}

/** So many parts have a colour of their own; later ones share the last. */
const tones = 4;

/**
 * Whose sessions they were: by service where there is more than one, by revision where a service had more than one,
 * as the links counted them. None where there is only one of each: the whole says it already.
 */
export function sessionParts({ evidence, summary, timeline }: View): readonly SessionPart[] {
  const { services } = summary.backends;
  const names = [...new Set(services.map(({ service }) => service))];
  const parts = names.flatMap((name) => {
    const revisions = services.filter(({ service, revision }) => service === name && revision !== null);
    if (revisions.length < 2) return names.length < 2 ? [] : [{ service: name, revision: null }];
    return revisions.map(({ revision }) => ({ service: name, revision }));
  });
  return parts
    .map(({ service, revision }, index) => ({
      label: revision ?? service,
      tone: `rev-${Math.min(index, tones - 1)}`,
      steps: linkSessions(
        evidence.events,
        (event) => event.service === service && (revision === null || event.revision === revision),
      ),
    }))
    .filter(({ steps }) => stepsWithin(steps, timeline.fromUs, timeline.toUs).some(({ count }) => count > 0));
}
