import type { RetryBudget } from '../../scenario/clients/client.ts';
import { thousandths, type Budget } from './budget.ts';

/**
 * gRPC's retryThrottling: a failure costs one token, a success returns `tokenRatio`, and nothing is retried while
 * half of the tokens or fewer are left. At a failure rate f the level drifts by (1 - f) r - f per attempt: down, and
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
    // Only its end changes the level.
  }

  onSuccess(): void {
    this.#tokens = Math.min(this.#most, this.#tokens + this.#gain);
  }

  onFailure(): void {
    this.#tokens = Math.max(0, this.#tokens - 1000);
  }

  /** Costs nothing: the failure before it has already paid. */
  take(): boolean {
    return this.#tokens > this.#most / 2;
  }
}
