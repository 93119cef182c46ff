import { z } from 'zod';
import { durationMs } from '../language/with-unit.ts';
import type { Think } from './traffic.ts';

/** `think:` of a closed phase: a constant time, or a law with its mean. */
export const thinkShape = z.union([
  durationMs,
  z.strictObject({
    mean: durationMs.describe('The mean pause.').meta({ examples: ['500ms'] }),
    law: z
      .enum(
        ['exponential', 'constant', 'lognormal', 'pareto'],
        'must be exponential, constant, lognormal or pareto',
      )
      .optional()
      .describe('How pauses are spread around their mean. Default: exponential.')
      .meta({ examples: ['lognormal'] }),
    sigma: z
      .number()
      .gt(0, 'must be more than 0')
      .max(5, 'must be at most 5')
      .optional()
      .describe('For lognormal: the standard deviation of the logarithm. Default: 1.')
      .meta({ examples: [0.5] }),
    alpha: z
      .number()
      .gt(1, 'must be more than 1: there is no mean otherwise')
      .max(100, 'must be at most 100')
      .optional()
      .describe('For pareto: the smaller, the heavier the tail. Default: 1.5.')
      .meta({ examples: [1.5] }),
  }),
]);

type ThinkInFile = z.output<typeof thinkShape>;

/** Fills the defaults of `think:`. */
export function makeThink(given: ThinkInFile): Think {
  if (typeof given === 'number') return { law: 'constant', meanMs: given };
  const { mean: meanMs, law = 'exponential' } = given;
  if (law === 'lognormal') return { law, meanMs, sigma: given.sigma ?? 1 };
  if (law === 'pareto') return { law, meanMs, alpha: given.alpha ?? 1.5 };
  return { law, meanMs };
}

/** The inverse of `makeThink`, in its long form. */
export function writeThink({ meanMs, ...law }: Think): ThinkInFile {
  return { mean: meanMs, ...law };
}
