/** What belongs to each phase, by its name. */
export function byPhase<One extends { readonly phase: string }>(
  all: readonly One[],
): ReadonlyMap<string, readonly One[]> {
  const phases = new Map<string, One[]>();
  let own: One[] = [];
  let name: string | null = null;
  for (const one of all) {
    // In order of time, most are of the same phase as the one before.
    if (one.phase !== name) {
      name = one.phase;
      own = phases.get(name) ?? [];
      phases.set(name, own);
    }
    own.push(one);
  }
  return phases;
}
