import type { Attempt, Outcome } from '../../../evidence/attempt.ts';

/** The ways to fail that must be quick. Not among them: a dishonest success and the harness's own mistakes. */
const failureClasses = [
  'shed',
  'pool_timeout',
  'db_error',
  'stmt_timeout',
  'deadline',
  'unknown',
  'conn_error',
  'platform',
  'client_timeout',
] as const satisfies readonly Outcome[];

const classes: ReadonlySet<Outcome> = new Set(failureClasses);

export type FailureClass = (typeof failureClasses)[number];

/** One failed attempt, timed from when the service is answerable for it. */
export interface Failure {
  readonly class: FailureClass;
  readonly arrival: number;
  /** 1 for the first attempt of the arrival. */
  readonly attempt: number;
  /** From when it counts: handed to an instance where that is known, else sent. */
  readonly fromUs: number;
  readonly endedUs: number;
  /** Whether `fromUs` is the instance's own receipt. */
  readonly isReceived: boolean;
}

/** Every one of these attempts that failed. */
export function failuresIn(attempts: readonly Attempt[]): readonly Failure[] {
  return attempts.filter(hasFailed).flatMap((attempt) => failureOf(attempt) ?? []);
}

/** Whether an attempt ended in a failure. */
export function hasFailed({ outcome, endedUs }: Attempt): boolean {
  return endedUs !== null && isFailureClass(outcome);
}

/** The failure an attempt is, or null for any other end. */
export function failureOf(attempt: Attempt): Failure | null {
  const { outcome, endedUs, receivedUs, sentUs, arrival } = attempt;
  if (endedUs === null || !isFailureClass(outcome)) return null;
  // Given up by the client: only an answer says when the instance got the request, and there was none.
  const isReceived = receivedUs !== null && outcome !== 'client_timeout';
  const fromUs = isReceived ? receivedUs : sentUs;
  const number = attempt.attempt;
  return { class: classOf(attempt, outcome), arrival, attempt: number, fromUs, endedUs, isReceived };
}

/**
 * A request that an instance held until the platform cut it off with 504 is the service's missed deadline; the
 * platform's own failures are those in which no instance had the request long enough to answer.
 */
function classOf({ status, receivedUs }: Attempt, outcome: FailureClass): FailureClass {
  return outcome === 'platform' && status === 504 && receivedUs !== null ? 'deadline' : outcome;
}

function isFailureClass(outcome: Outcome): outcome is FailureClass {
  return classes.has(outcome);
}
