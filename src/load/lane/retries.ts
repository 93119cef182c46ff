import { hashString, randomAt } from '../../base/random.ts';
import type { RetryPolicy } from '../../scenario/clients/client.ts';
import type { LogicalRequest } from './logical-request.ts';
import type { Budget } from '../retry/budget.ts';
import { decideRetry, firstTry, type EndedAttempt } from '../retry/decide-retry.ts';
import { makeBudget } from '../retry/make-budget.ts';

/** Applies the retry policy, with one budget for each simulated client of this lane. */
export class Retries {
  readonly #policy: RetryPolicy;
  readonly #key: number;
  readonly #budgets = new Map<number, Budget>();

  constructor(policy: RetryPolicy, seed: number) {
    this.#policy = policy;
    this.#key = hashString(`${seed}/jitter`);
  }

  /** Call it when a first attempt that may be retried is about to be sent. */
  begin(request: LogicalRequest, nowUs: number): void {
    request.retry = firstTry(this.#policy);
    this.#budgetOf(request)?.onRequest(nowUs);
  }

  /** When to retry after this end of an attempt; null where the client gives up. */
  next(request: LogicalRequest, ended: EndedAttempt): number | null {
    if (request.retry === null) return null;
    const draw = randomAt(this.#key, request.arrival, request.attempt);
    const decision = decideRetry(request.retry, ended, {
      policy: this.#policy,
      budget: this.#budgetOf(request),
      deadlineUs: request.deadlineUs,
      draw,
    });
    if (decision.kind === 'give_up') return null;
    request.retry = decision.state;
    return decision.atUs;
  }

  #budgetOf({ client }: LogicalRequest): Budget | null {
    if (this.#policy.budget === null) return null;
    const known = this.#budgets.get(client);
    if (known !== undefined) return known;
    const budget = makeBudget(this.#policy.budget);
    this.#budgets.set(client, budget);
    return budget;
  }
}
