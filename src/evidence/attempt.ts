/** Every end an attempt can come to. Assigned once, by the lane that made the attempt, in this order of precedence. */
export const outcomes = [
  'dishonest', // 2xx whose body fails the route's expectation
  'ok', // what the route expects
  'client_error', // other 4xx but 429: the harness or the route is wrong
  'platform', // 429/500/503/504 issued by the platform, not by an instance
  'shed', // 429/503 by the service without touching the pool
  'pool_timeout', // the service says: no session in time
  'stmt_timeout', // the service says: statement timeout (57014)
  'db_error', // the service says: another database error, or the database refused
  'deadline', // 504, or the service's own deadline
  'client_timeout', // given up by the harness
  'conn_error', // reset, refused, truncated
  'unknown', // everything else
  'dropped', // never sent: too many were in flight
  'unfinished', // still open when the run ended
] as const;

export type Outcome = (typeof outcomes)[number];

/** One HTTP exchange, or the decision not to start one. Times are microseconds since the run's origin. */
export interface Attempt {
  /** Index of the arrival in the schedule. */
  readonly arrival: number;
  /** 1 for the first attempt of an arrival. */
  readonly attempt: number;
  readonly client: number;
  readonly route: string;
  readonly phase: string;
  /** When the schedule (or the retry policy) wanted it sent. Response time counts from here. */
  readonly intendedUs: number;
  /**
   * When its bytes were written to a connected socket; where opening that takes round trips over a network, when opening
   * began. Service time counts from here, and what lies between the intended time and this is the generator's lag.
   */
  readonly sentUs: number;
  /** Null when it never ended. */
  readonly endedUs: number | null;
  readonly status: number | null;
  readonly outcome: Outcome;
  readonly errorCode: string | null;
  readonly sqlstate: string | null;
  readonly retryAfterMs: number | null;
  readonly instance: string | null;
  readonly revision: string | null;
  /** When the instance got it, as the emulator saw it: the difference to `sentUs` is the platform's queue. */
  readonly receivedUs: number | null;
  /** How long opening its connection took; null where it was open, or never was. */
  readonly connectUs: number | null;
  /**
   * The emulator's own share of the time, at most: from `sentUs` to its front, from there to the instance's socket
   * without the wait for a place, and how long the answer may have lain unread. Null where no emulator told.
   */
  readonly ownUs: number | null;
  /** How long the service said it waited for a session. */
  readonly acquireUs: number | null;
  readonly bodyValid: boolean | null;
  readonly bytes: number;
}
