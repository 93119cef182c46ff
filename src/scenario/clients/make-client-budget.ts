import { budgetDefaults } from './client-policies.ts';
import type { BudgetInFile } from './client-retry-file.ts';
import type { RetryBudget } from './client.ts';

/** Which kind of budget each key is of. */
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
} as const satisfies Record<keyof BudgetInFile, RetryBudget['kind']>;

/** The kinds that the keys of a budget are of; a sound one has exactly one. */
export function kindsIn(given: BudgetInFile): readonly RetryBudget['kind'][] {
  return [...new Set((Object.keys(given) as (keyof BudgetInFile)[]).map((key) => budgetKinds[key]))];
}

/** Fills the defaults of `client.retry.budget`: those of the policy's own where it is of the same kind. */
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

type Of<Kind extends RetryBudget['kind']> = Extract<RetryBudget, { kind: Kind }>;

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
