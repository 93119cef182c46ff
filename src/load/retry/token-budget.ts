import type { RetryBudget } from '../../scenario/clients/client.ts';
import { thousandths, type Budget } from './budget.ts';

/**
 * gRPC's retryThrottling: a failure takes one token, a success gives `tokenRatio` back, and nothing is retried
 * while half of them or fewer are left. With a failure rate f the tokens drift by (1 - f) r - f: downwards, and
 * so to no retries at all, when f > r / (1 + r).
 */
export class TokenBudget implements Budget {
  readonly #most: number;
  readonly #gain: number;
  #tokens: number;

  constructor({ maxTokens, tokenRatio }: Extract<RetryBudget, { kind: 'tokens' }>) {
    this.#most = thousandths(maxTokens);
    this.#gain = thousandths(tokenRatio);
    this.#tokens = this.#most;
  }

  onRequest(): void {
    // What a request is worth shows when it ends.
  }

  onSuccess(): void {
    this.#tokens = Math.min(this.#most, this.#tokens + this.#gain);
  }

  onFailure(): void {
    this.#tokens = Math.max(0, this.#tokens - 1000);
  }

  /** Nothing is taken: the failure before has paid. */
  take(): boolean {
    return this.#tokens > this.#most / 2;
  }
}
