import type { RetryState } from '../retry/decide-retry.ts';

/** One logical request on its way: first attempt, retries, until it succeeds or is given up. */
export interface Call {
  readonly arrival: number;
  /** The simulated client that makes it. */
  readonly client: number;
  /** Indexes into the scenario's requests and phases. */
  readonly route: number;
  readonly phase: number;
  /** Its number among the arrivals of its route, from 0. */
  readonly nth: number;
  /** When the client gives up on it altogether; infinite where only attempts have a limit. */
  readonly deadlineUs: number;
  /** Told when no further attempt will be made, and whether the last one was sent. */
  readonly onFinal: ((wasSent: boolean) => void) | null;
  /** The attempt under way or about to be sent; 1 is the first. */
  attempt: number;
  /** When that attempt was meant to be sent: by the schedule, or by the retry policy. */
  intendedUs: number;
  /** Where it stands in its client's retry loops; null where nothing is retried. */
  retry: RetryState | null;
}
