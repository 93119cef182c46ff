import type { Attempt, Outcome } from '../../evidence/attempt.ts';
import type { Expectation } from '../../scenario/requests/request-spec.ts';
import type { Answer } from '../answer/answer.ts';
import { classify, type Ending } from '../answer/classify.ts';

/** The part of an attempt that is known before it is sent. */
export type Planned = Pick<Attempt, 'arrival' | 'attempt' | 'client' | 'route' | 'phase' | 'intendedUs'>;

/** What the outcome of an answer depends on, besides the answer. */
export interface Judging {
  readonly expect: Expectation;
  readonly acquireTimeoutMs: number;
}

/** What was seen of an attempt by the time it ended. */
export interface Seen {
  readonly sentUs: number;
  readonly connectUs: number | null;
  readonly endedUs: number;
  readonly answer: Answer | null;
  /** Why the connection broke, such as ECONNRESET; null where it did not. */
  readonly brokenBy: string | null;
  readonly bytes: number;
  /** Whether a complete answer is what its route expects (check-answer.ts). */
  readonly bodyValid: boolean | null;
}

/** The record of an attempt that came to an end. */
export function endedAttempt(planned: Planned, seen: Seen, ending: Ending, judging: Judging): Attempt {
  const { answer, sentUs, endedUs, bytes } = seen;
  const isWhole = ending === 'answered' && answer !== null;
  const said = answer ?? silence;
  // Written out because spreading is several times slower, and this runs for every request.
  return {
    arrival: planned.arrival,
    attempt: planned.attempt,
    client: planned.client,
    route: planned.route,
    phase: planned.phase,
    intendedUs: planned.intendedUs,
    sentUs,
    endedUs,
    status: answer === null ? null : answer.status,
    outcome: isWhole
      ? outcomeOf(answer, seen, judging)
      : ending === 'timeout'
        ? 'client_timeout'
        : 'conn_error',
    errorCode: said.errorCode ?? said.platformReason ?? (ending === 'broken' ? seen.brokenBy : null),
    sqlstate: said.sqlstate,
    retryAfterMs: said.retryAfterMs,
    instance: said.instance,
    revision: said.revision,
    receivedUs: said.receivedUs,
    connectUs: seen.connectUs,
    ownUs: ownUsOf(said, sentUs),
    acquireUs: said.acquireUs,
    bodyValid: isWhole ? seen.bodyValid : null,
    bytes,
  };
}

/** On its way in, and what the emulator says of the rest; null where no emulator says anything. */
function ownUsOf({ arrivedUs, ownUs }: Pick<Answer, 'arrivedUs' | 'ownUs'>, sentUs: number): number | null {
  return arrivedUs === null || ownUs === null ? null : Math.max(0, arrivedUs - sentUs) + ownUs;
}

function outcomeOf(answer: Answer, { sentUs, endedUs, bodyValid }: Seen, judging: Judging): Outcome {
  const tookMs = (endedUs - (answer.receivedUs ?? sentUs)) / 1000;
  const { expect, acquireTimeoutMs } = judging;
  return classify({ answer, bodyValid, tookMs, expect, acquireTimeoutMs });
}

/** The record of an arrival that was never sent; `nowUs` is when it was dropped. */
export function droppedAttempt(planned: Planned, nowUs: number): Attempt {
  return {
    ...planned,
    ...saidBy(null),
    sentUs: nowUs,
    connectUs: null,
    ownUs: null,
    endedUs: null,
    outcome: 'dropped',
    bodyValid: null,
    bytes: 0,
  };
}

/** The record of an attempt that was still open when the load was cut off. */
export function unfinishedAttempt(
  planned: Planned,
  seen: Omit<Seen, 'endedUs' | 'bodyValid' | 'brokenBy'>,
): Attempt {
  return {
    ...planned,
    ...saidBy(seen.answer),
    sentUs: seen.sentUs,
    connectUs: seen.connectUs,
    ownUs: ownUsOf(seen.answer ?? silence, seen.sentUs),
    endedUs: null,
    outcome: 'unfinished',
    bodyValid: null,
    bytes: seen.bytes,
  };
}

type Said = Omit<Answer, 'platformReason' | 'status' | 'arrivedUs' | 'ownUs'> & Pick<Attempt, 'status'>;

/** All that is known of an answer that never came. */
const silence: Omit<Answer, 'status'> = {
  platformReason: null,
  errorCode: null,
  sqlstate: null,
  retryAfterMs: null,
  instance: null,
  revision: null,
  receivedUs: null,
  arrivedUs: null,
  ownUs: null,
  acquireUs: null,
};

/** Where the service gave no error code, the platform's reason takes its place. */
function saidBy(answer: Answer | null): Said {
  const { errorCode, platformReason, sqlstate, retryAfterMs, instance, revision, receivedUs, acquireUs } =
    answer ?? silence;
  return {
    status: answer?.status ?? null,
    errorCode: errorCode ?? platformReason,
    sqlstate,
    retryAfterMs,
    instance,
    revision,
    receivedUs,
    acquireUs,
  };
}
