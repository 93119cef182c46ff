import { monotonicNs } from '../../base/clock.ts';
import { sleep } from '../../base/deadline.ts';
import { EnvironmentError } from '../../base/errors.ts';
import type { Clients } from './clients.ts';

/** Polling starts quickly, as an emulator settles in milliseconds, and slows down to once in two seconds. */
const firstPauseMs = 50;
const longestPauseMs = 2000;

/**
 * Waits until a change of a service is done. Throws `EnvironmentError` with the service's own message when it
 * failed, and when it has not ended within the time given (the official client itself would wait for ever).
 */
export async function awaitOperation(
  { services }: Clients,
  operation: string,
  what: string,
  limitMs: number,
): Promise<void> {
  const deadlineNs = monotonicNs() + BigInt(limitMs) * 1_000_000n;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    const { latestResponse } = await services.checkUpdateServiceProgress(operation);
    const { done, error } = latestResponse as OperationState;
    if (error != null)
      throw new EnvironmentError([{ message: `${what} failed: ${error.message ?? 'no reason was given'}` }]);
    if (done === true) return;
    if (monotonicNs() > deadlineNs)
      throw new EnvironmentError([
        { message: `${what} had not ended after ${limitMs / 1000} s (${operation})` },
      ]);
    await sleep(pauseMs);
  }
}

interface OperationState {
  readonly done?: boolean | null;
  readonly error?: { readonly message?: string | null } | null;
}
