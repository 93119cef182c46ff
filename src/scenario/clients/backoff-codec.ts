import { z } from 'zod';
import { durationMs } from '../language/with-unit.ts';
import type { Backoff, RetryPolicy } from './client.ts';

/** `client.retry.backoff` as it stands in the file. */
export const backoffShape = z.strictObject({
  initial: durationMs
    .optional()
    .describe('The bound of the first backoff. Default: 100ms.')
    .meta({ examples: ['100ms'] }),
  max: durationMs
    .optional()
    .describe('The bound grows no further than this. Default: 2s.')
    .meta({ examples: ['2s'] }),
  multiplier: z
    .number()
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100')
    .optional()
    .describe('How much each bound grows over the previous one. Default: 2, or 3 with decorrelated jitter.')
    .meta({ examples: [2] }),
  jitter: z
    .enum(['none', 'full', 'equal', 'decorrelated'], 'must be none, full, equal or decorrelated')
    .optional()
    .describe('How a backoff is drawn below its bound. Default: full.')
    .meta({ examples: ['full'] }),
  throttled_initial: durationMs
    .optional()
    .describe('Replaces initial after a 429 or 503. Default: the same as initial.')
    .meta({ examples: ['500ms'] }),
});

export type BackoffInFile = z.output<typeof backoffShape>;

/** What a policy holds of `backoff:`; a throttled call's first wait stands beside the rest. */
type OfPolicy = Pick<RetryPolicy, 'backoff' | 'throttledInitialMs'>;

/** Fills what is left open with the base policy's own. */
export function makeBackoff(given: BackoffInFile, base: OfPolicy): OfPolicy {
  return {
    backoff: {
      initialMs: given.initial ?? base.backoff.initialMs,
      maxMs: given.max ?? base.backoff.maxMs,
      multiplier: given.multiplier ?? usualMultiplier(given.jitter, base.backoff),
      jitter: given.jitter ?? base.backoff.jitter,
    },
    throttledInitialMs: given.throttled_initial ?? base.throttledInitialMs,
  };
}

function usualMultiplier(jitter: BackoffInFile['jitter'], base: Backoff): number {
  return jitter === 'decorrelated' && base.jitter !== 'decorrelated' ? 3 : base.multiplier;
}

/** The inverse of `makeBackoff`. */
export function writeBackoff({ backoff, throttledInitialMs }: OfPolicy): BackoffInFile {
  return {
    initial: backoff.initialMs,
    max: backoff.maxMs,
    multiplier: backoff.multiplier,
    jitter: backoff.jitter,
    ...(throttledInitialMs === null ? {} : { throttled_initial: throttledInitialMs }),
  };
}
