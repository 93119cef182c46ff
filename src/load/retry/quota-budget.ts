import type { RetryBudget } from '../../scenario/clients/client.ts';
import { thousandths, type Budget } from './budget.ts';

/**
 * A token bucket that retries drain and successes refill, up to its initial level: the AWS SDKs' retry quota,
 * Brooker's token bucket. At a failure rate f it allows, once the bucket is empty, `successRefill` (1 - f) /
 * `retryCost` retries for each first attempt. (The AWS SDKs also refund the cost of a retry that succeeds; here
 * every success refills the same, whichever attempt it was.)
 */
export class QuotaBudget implements Budget {
  readonly #most: number;
  readonly #cost: number;
  readonly #timeoutCost: number;
  readonly #refill: number;
  #tokens: number;

  constructor(declared: Extract<RetryBudget, { kind: 'quota' }>) {
    this.#most = thousandths(declared.initialTokens);
    this.#cost = thousandths(declared.retryCost);
    this.#timeoutCost = thousandths(declared.timeoutRetryCost);
    this.#refill = thousandths(declared.successRefill);
    this.#tokens = this.#most;
  }

  onRequest(): void {
    // Only successes fill the bucket.
  }

  onSuccess(): void {
    this.#tokens = Math.min(this.#most, this.#tokens + this.#refill);
  }

  onFailure(): void {
    // Only retries take from it.
  }

  take(_: number, timedOut: boolean): boolean {
    const cost = timedOut ? this.#timeoutCost : this.#cost;
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }
}
