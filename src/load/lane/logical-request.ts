import type { RetryState } from '../retry/decide-retry.ts';

/** What a client asks for: a first attempt and its retries, until one succeeds or the client gives up. */
export interface LogicalRequest {
  readonly arrival: number;
  /** The simulated client that makes it. */
  readonly client: number;
  /** Indexes into the scenario's requests and phases. */
  readonly route: number;
  readonly phase: number;
  /** Its number among the arrivals of its route, from 0. */
  readonly nth: number;
  /** When the client gives up altogether; infinite where only single attempts are limited. */
  readonly deadlineUs: number;
  /** Called when no further attempt will be made, with whether the last one was sent. */
  readonly onFinal: ((wasSent: boolean) => void) | null;
  /** The attempt under way or about to be sent; 1 is the first. */
  attempt: number;
  /** When that attempt was meant to be sent: by the schedule, or by the retry policy. */
  intendedUs: number;
  /** Where it stands in its client's retry loops; null where nothing is retried. */
  retry: RetryState | null;
}
