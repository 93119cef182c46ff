import type { protos } from '@google-cloud/run';
import { monotonicNs } from '../../base/clock.ts';
import { sleep } from '../../base/deadline.ts';
import { EnvironmentError } from '../../base/errors.ts';
import type { Clients } from './clients.ts';

/** Polling starts quickly, as an emulator settles in milliseconds, and slows down to once in two seconds. */
const firstPauseMs = 50;
const longestPauseMs = 2000;

/**
 * Waits until a change of a service is done; yields the service as it was then. Throws `EnvironmentError` with the service's own message when it
 * failed, and when it has not ended within the time given (the official client itself would wait for ever).
 */
export async function awaitOperation(
  { services }: Clients,
  operation: string,
  what: string,
  limitMs: number,
): Promise<Service> {
  const deadlineNs = monotonicNs() + BigInt(limitMs) * 1_000_000n;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    const { latestResponse, result } = await services.checkUpdateServiceProgress(operation);
    const { done, error } = latestResponse as OperationState;
    if (error != null)
      throw new EnvironmentError([{ message: `${what} failed: ${error.message ?? 'no reason was given'}` }]);
    if (done === true) return result as Service;
    if (monotonicNs() > deadlineNs)
      throw new EnvironmentError([
        { message: `${what} had not ended after ${limitMs / 1000} s (${operation})` },
      ]);
    await sleep(pauseMs);
  }
}

type Service = protos.google.cloud.run.v2.IService;

interface OperationState {
  readonly done?: boolean | null;
  readonly error?: { readonly message?: string | null } | null;
}
