/** A client's allowance for retries. Times are microseconds on the run clock and never go back. */
export interface Budget {
  /** A request began: its first attempt is about to be sent. */
  onRequest(nowUs: number): void;
  /** An attempt succeeded. */
  onSuccess(nowUs: number): void;
  /** An attempt failed, whether or not it will be tried again. */
  onFailure(nowUs: number): void;
  /** Takes what a retry costs, if there is enough. `timedOut`: the attempt before ended by its timeout. */
  take(nowUs: number, timedOut: boolean): boolean;
}
