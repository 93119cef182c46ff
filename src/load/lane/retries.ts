import { hashString, randomAt } from '../../base/random.ts';
import type { RetryPolicy } from '../../scenario/clients/client.ts';
import type { Call } from './call.ts';
import type { Budget } from '../retry/budget.ts';
import { decideRetry, firstTry, type EndedAttempt } from '../retry/decide-retry.ts';
import { makeBudget } from '../retry/make-budget.ts';

/** The retry policy at work: one budget for each simulated client of this lane. */
export class Retries {
  readonly #policy: RetryPolicy;
  readonly #key: number;
  readonly #budgets = new Map<number, Budget>();

  constructor(policy: RetryPolicy, seed: number) {
    this.#policy = policy;
    this.#key = hashString(`${seed}/jitter`);
  }

  /** A call's first attempt is about to be sent. */
  begin(call: Call, nowUs: number): void {
    if (this.#policy.maxAttempts * this.#policy.layers === 1) return;
    call.retry = firstTry(this.#policy);
    this.#budgetOf(call)?.onRequest(nowUs);
  }

  /** When the call is to be tried again, after an attempt that ended so; null when that was its last. */
  next(call: Call, ended: EndedAttempt): number | null {
    if (call.retry === null) return null;
    const draw = randomAt(this.#key, call.arrival, call.attempt);
    const decision = decideRetry(call.retry, ended, {
      policy: this.#policy,
      budget: this.#budgetOf(call),
      deadlineUs: call.deadlineUs,
      draw,
    });
    if (decision.kind === 'give_up') return null;
    call.retry = decision.state;
    return decision.atUs;
  }

  #budgetOf({ client }: Call): Budget | null {
    if (this.#policy.budget === null) return null;
    const known = this.#budgets.get(client);
    if (known !== undefined) return known;
    const budget = makeBudget(this.#policy.budget);
    this.#budgets.set(client, budget);
    return budget;
  }
}
