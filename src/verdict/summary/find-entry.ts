import type { BoundId } from '../bounds/bounds.ts';
import type { GuardId } from '../guards/guards.ts';
import type { Summary } from './summary.ts';

/** What a summary says of a bound; undefined where it was made by a version without this bound. */
export function findBound(
  { bounds }: Pick<Summary, 'bounds'>,
  id: BoundId,
): Summary['bounds'][number] | undefined {
  return bounds.find((bound) => bound.id === id);
}

/** What a summary says of a guard; undefined where it was made by a version without this guard. */
export function findGuard(
  { validity }: Pick<Summary, 'validity'>,
  id: GuardId,
): Summary['validity'][number] | undefined {
  return validity.find((guard) => guard.id === id);
}
