import { count } from './fault-spec.ts';

/** How few and how many instances there may be, as faults give it. */
export const instanceLimits = {
  min_instances: count(0)
    .optional()
    .describe('The fewest instances. Default: unchanged.')
    .meta({ examples: [1] }),
  max_instances: count(1)
    .optional()
    .describe('The most instances. Default: unchanged.')
    .meta({ examples: [8] }),
};

interface LimitsInFile {
  readonly min_instances?: number | undefined;
  readonly max_instances?: number | undefined;
}

/** False where the fewest are more than the most. */
export function areOrdered({ min_instances: min = 0, max_instances: max = Infinity }: LimitsInFile): boolean {
  return min <= max;
}

export const disorder = 'min_instances is more than max_instances';
