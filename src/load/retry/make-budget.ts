import type { RetryBudget } from '../../scenario/clients/client.ts';
import type { Budget } from './budget.ts';
import { QuotaBudget } from './quota-budget.ts';
import { RatioBudget } from './ratio-budget.ts';
import { TokenBudget } from './token-budget.ts';

/** A full budget, for one client. */
export function makeBudget(declared: RetryBudget): Budget {
  switch (declared.kind) {
    case 'ratio':
      return new RatioBudget(declared);
    case 'tokens':
      return new TokenBudget(declared);
    case 'quota':
      return new QuotaBudget(declared);
  }
}
