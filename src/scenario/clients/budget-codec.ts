import { z } from 'zod';
import { durationMs } from '../language/with-unit.ts';
import { budgetDefaults } from './client-policies.ts';
import type { RetryBudget } from './client.ts';

/** A number of tokens or retries, which need not be whole. */
const amount = z.number().min(0, 'must be at least 0').max(1_000_000, 'must be at most 1000000');
const cost = amount.refine((value) => value > 0, 'must be more than 0');

/** `client.retry.budget` with keys: all kinds in one, so that a slip is named by its key. The keys tell the kind. */
export const budgetShape = z.strictObject({
  ratio: z
    .number()
    .min(0, 'must be at least 0')
    .max(10, 'must be at most 10; 0.2 is one retry for five requests')
    .optional()
    .describe('Retries allowed for each request. Default: 0.2.')
    .meta({ examples: [0.2] }),
  min_retries_per_sec: amount
    .optional()
    .describe('Retries a second allowed on top of the ratio. Default: 10.')
    .meta({ examples: [10] }),
  ttl: durationMs
    .refine((ms) => ms >= 1000 && ms <= 60_000, 'must be between 1s and 60s')
    .optional()
    .describe('How long a request counts towards the ratio. Default: 10s.')
    .meta({ examples: ['10s'] }),
  max_tokens: z
    .number()
    .gt(2, 'must be more than 2: with 2 the first failure forbids every retry')
    .max(1000, 'must be at most 1000')
    .optional()
    .describe('Tokens at most. A failure takes one; at half of them or less there is no retry. Default: 10.')
    .meta({ examples: [10] }),
  token_ratio: cost
    .optional()
    .describe('The part of a token that a success gives back. Default: 0.1.')
    .meta({ examples: [0.1] }),
  initial_tokens: amount
    .optional()
    .describe('Tokens at the start, and at most. Default: 500.')
    .meta({ examples: [500] }),
  retry_cost: cost
    .optional()
    .describe('Tokens that a retry takes. Default: 5.')
    .meta({ examples: [5] }),
  timeout_retry_cost: cost
    .optional()
    .describe('Tokens that a retry after a timeout takes. Default: 10.')
    .meta({ examples: [10] }),
  success_refill: amount
    .optional()
    .describe('Tokens that a success gives back. Default: 1.')
    .meta({ examples: [1] }),
});

export type BudgetInFile = z.output<typeof budgetShape>;

type Kind = RetryBudget['kind'];
type Of<K extends Kind> = Extract<RetryBudget, { kind: K }>;

/** Which kind of budget each key belongs to. */
const budgetKinds = {
  ratio: 'ratio',
  min_retries_per_sec: 'ratio',
  ttl: 'ratio',
  max_tokens: 'tokens',
  token_ratio: 'tokens',
  initial_tokens: 'quota',
  retry_cost: 'quota',
  timeout_retry_cost: 'quota',
  success_refill: 'quota',
} as const satisfies Record<keyof BudgetInFile, Kind>;

/** The kinds that the keys of a budget belong to; a sound one has exactly one. */
export function kindsIn(given: BudgetInFile): readonly Kind[] {
  return [...new Set((Object.keys(given) as (keyof BudgetInFile)[]).map((key) => budgetKinds[key]))];
}

/** Fills the defaults of a budget: the base policy's if that is of the same kind, else those of the kind. */
export function makeBudget(
  given: BudgetInFile | 'none' | undefined,
  base: RetryBudget | null,
): RetryBudget | null {
  if (given === undefined) return base;
  if (given === 'none') return null;
  // A checked budget has keys, all of one kind.
  const kind = kindsIn(given)[0] ?? 'ratio';
  const from = base?.kind === kind ? base : budgetDefaults[kind];
  switch (from.kind) {
    case 'ratio':
      return makeRatio(given, from);
    case 'tokens':
      return makeTokens(given, from);
    case 'quota':
      return makeQuota(given, from);
  }
}

function makeRatio(given: BudgetInFile, from: Of<'ratio'>): RetryBudget {
  return {
    kind: 'ratio',
    ratio: given.ratio ?? from.ratio,
    minRetriesPerSec: given.min_retries_per_sec ?? from.minRetriesPerSec,
    ttlMs: given.ttl ?? from.ttlMs,
  };
}

function makeTokens(given: BudgetInFile, from: Of<'tokens'>): RetryBudget {
  return {
    kind: 'tokens',
    maxTokens: given.max_tokens ?? from.maxTokens,
    tokenRatio: given.token_ratio ?? from.tokenRatio,
  };
}

function makeQuota(given: BudgetInFile, from: Of<'quota'>): RetryBudget {
  return {
    kind: 'quota',
    initialTokens: given.initial_tokens ?? from.initialTokens,
    retryCost: given.retry_cost ?? from.retryCost,
    timeoutRetryCost: given.timeout_retry_cost ?? from.timeoutRetryCost,
    successRefill: given.success_refill ?? from.successRefill,
  };
}

/** The inverse of `makeBudget`. */
export function writeBudget(budget: RetryBudget | null): BudgetInFile | 'none' {
  switch (budget?.kind) {
    case undefined:
      return 'none';
    case 'ratio':
      return { ratio: budget.ratio, min_retries_per_sec: budget.minRetriesPerSec, ttl: budget.ttlMs };
    case 'tokens':
      return { max_tokens: budget.maxTokens, token_ratio: budget.tokenRatio };
    case 'quota':
      return {
        initial_tokens: budget.initialTokens,
        retry_cost: budget.retryCost,
        timeout_retry_cost: budget.timeoutRetryCost,
        success_refill: budget.successRefill,
      };
  }
}
