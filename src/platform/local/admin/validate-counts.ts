import type { Violation } from './api-error.ts';

interface Counts {
  readonly minInstanceCount?: number | undefined;
  readonly maxInstanceCount?: number | undefined;
  readonly manualInstanceCount?: number | undefined;
}

/** Checks the numbers of a scaling block, the service's or a revision's. 0 is unset. */
export function countProblems(field: string, scaling: Counts = {}): readonly Violation[] {
  const negative = (['minInstanceCount', 'maxInstanceCount', 'manualInstanceCount'] as const)
    .filter((name) => (scaling[name] ?? 0) < 0)
    .map((name) => ({ field: `${field}.${name}`, description: 'must not be negative' }));
  const min = scaling.minInstanceCount ?? 0;
  const max = scaling.maxInstanceCount ?? 0;
  if (negative.length > 0 || max === 0 || min <= max) return negative;
  return [
    {
      field: `${field}.minInstanceCount`,
      description: `must not be above maxInstanceCount (${min} > ${max})`,
    },
  ];
}
