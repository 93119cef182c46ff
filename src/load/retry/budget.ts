/**
 * A client's allowance for retries. Times are microseconds on the run clock; a time earlier than the last one counts
 * as the last one. Tokens are counted in thousandths, as in gRPC, so that ten tenths make exactly one.
 */
export interface Budget {
  /** Call it when a first attempt is about to be sent. */
  onRequest(nowUs: number): void;
  /** Call it when an attempt has succeeded. */
  onSuccess(nowUs: number): void;
  /** Call it when an attempt has failed in a way that the policy retries, whether or not this one will be. */
  onFailure(nowUs: number): void;
  /** Pays for a retry; false when the budget does not allow it. `timedOut`: the last attempt timed out. */
  take(nowUs: number, timedOut: boolean): boolean;
}

/** Tokens in thousandths. */
export function thousandths(tokens: number): number {
  return Math.round(1000 * tokens);
}
