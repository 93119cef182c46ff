import { formatPlace, type Problem } from '../base/errors.ts';
import type { Sourced } from './service-draft.ts';

/** The problem of two sources that say different things of one value, with both places. */
export function disagreement<T extends string | number>(
  what: string,
  one: Sourced<T> | undefined,
  other: Sourced<T> | undefined,
): readonly Problem[] {
  if (one === undefined || other === undefined || one.value === other.value) return [];
  return [
    {
      message: `${what}: ${one.value} here, but ${other.value} at ${formatPlace(other.place)}`,
      place: one.place,
      hint: 'two sources of one value have to agree: correct one of them, or leave it out',
    },
  ];
}
