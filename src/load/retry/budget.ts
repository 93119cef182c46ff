/**
 * A client's allowance for retries. Times are microseconds on the run clock; one that lies before another told
 * already counts as that one. Tokens are counted in thousandths, as gRPC does, so that ten tenths are one.
 */
export interface Budget {
  /** A request began: its first attempt is about to be sent. */
  onRequest(nowUs: number): void;
  /** An attempt succeeded. */
  onSuccess(nowUs: number): void;
  /** An attempt failed in a way that the policy retries, whether or not this one will be. */
  onFailure(nowUs: number): void;
  /** Takes what a retry costs, if there is enough. `timedOut`: the attempt before ended by its timeout. */
  take(nowUs: number, timedOut: boolean): boolean;
}

/** Tokens in thousandths. */
export function thousandths(tokens: number): number {
  return Math.round(1000 * tokens);
}
