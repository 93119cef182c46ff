import type { LocalTarget, Scenario } from '../../src/scenario/scenario.ts';

/** The target of a scenario that runs its services here. */
export function localOf({ target }: Scenario): LocalTarget {
  if (target.kind !== 'local') throw new Error(`the target is ${target.kind}`);
  return target;
}
