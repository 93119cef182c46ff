import type { LocalTarget } from '../../src/scenario/target/local-target.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

/** The target of a scenario that runs its services here. */
export function localOf({ target }: Scenario): LocalTarget {
  if (target.kind !== 'local') throw new Error(`the target is ${target.kind}`);
  return target;
}
