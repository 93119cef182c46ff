import { trim } from '../../base/units.ts';

/** A duration in the scenario language, to the microsecond. */
export function durationOf(ms: number): string {
  return `${trim(ms, 3)}ms`;
}
