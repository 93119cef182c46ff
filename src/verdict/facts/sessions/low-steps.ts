import { stepsOf, type Step } from '../../../evidence/sessions/steps.ts';

/** A session seen in one sample: a pid is given again, so only pid and start together name a backend. */
export interface SeenBackend {
  readonly pid: number;
  /** Start of the process, in run time: the start of its slot, authentication included. */
  readonly startUs: number;
}

/**
 * A lower bound of the number of sessions at every instant. A backend seen in two samples under one identity
 * lived between them, and from its start on; so each lived from its start to its last sighting at least.
 * Losing samples can only shorten that: the bound never rises by losing evidence.
 */
export function lowSteps(
  samples: readonly { readonly tUs: number; readonly backends: readonly SeenBackend[] }[],
): readonly Step[] {
  const lives = new Map<string, { fromUs: number; toUs: number }>();
  for (const { tUs, backends } of samples) {
    for (const { pid, startUs } of backends) {
      const key = `${pid}/${startUs}`;
      const known = lives.get(key);
      if (known === undefined) lives.set(key, { fromUs: Math.min(startUs, tUs), toUs: tUs });
      else known.toUs = Math.max(known.toUs, tUs);
    }
  }
  return stepsOf(
    [...lives.values()].flatMap(({ fromUs, toUs }) => [
      { tUs: fromUs, delta: 1 },
      { tUs: toUs, delta: -1 },
    ]),
  );
}
