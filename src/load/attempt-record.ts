import type { Attempt } from '../evidence/attempt.ts';
import type { Expectation } from '../scenario/request-spec.ts';
import type { Answer } from './answer.ts';
import { classify, type Ending } from './classify.ts';

/** The part of an attempt that is known before it is sent. */
export type Planned = Pick<Attempt, 'arrival' | 'attempt' | 'client' | 'route' | 'phase' | 'intendedUs'>;

/** What is needed to name an ending. */
export interface Judging {
  readonly expect: Expectation;
  readonly acquireTimeoutMs: number;
}

/** What was seen of an attempt by the time it ended. */
export interface Seen {
  readonly sentUs: number;
  readonly endedUs: number;
  readonly answer: Answer | null;
  readonly bytes: number;
  /** Whether a whole answer is what its route expects (check-answer.ts). */
  readonly bodyValid: boolean | null;
}

/** The record of an attempt that came to an end. */
export function endedAttempt(planned: Planned, seen: Seen, ending: Ending, judging: Judging): Attempt {
  const { answer, bodyValid, ...counted } = seen;
  const base = { ...planned, ...saidBy(answer), ...counted };
  if (ending === 'timeout') return { ...base, outcome: 'client_timeout', bodyValid: null };
  if (ending === 'broken' || answer === null) return { ...base, outcome: 'conn_error', bodyValid: null };
  const tookMs = (seen.endedUs - (answer.receivedUs ?? seen.sentUs)) / 1000;
  return { ...base, outcome: classify({ answer, bodyValid, tookMs, ...judging }), bodyValid };
}

/** The record of an arrival that was never sent, at the moment that was decided. */
export function droppedAttempt(planned: Planned, nowUs: number): Attempt {
  return {
    ...planned,
    ...saidBy(null),
    sentUs: nowUs,
    endedUs: null,
    outcome: 'dropped',
    bodyValid: null,
    bytes: 0,
  };
}

/** The record of an attempt that was still open when the load was cut off. */
export function unfinishedAttempt(planned: Planned, seen: Omit<Seen, 'endedUs' | 'bodyValid'>): Attempt {
  return {
    ...planned,
    ...saidBy(seen.answer),
    sentUs: seen.sentUs,
    endedUs: null,
    outcome: 'unfinished',
    bodyValid: null,
    bytes: seen.bytes,
  };
}

type Said = Omit<Answer, 'platformReason' | 'status'> & Pick<Attempt, 'status'>;

const silence: Said = {
  status: null,
  errorCode: null,
  sqlstate: null,
  retryAfterMs: null,
  instance: null,
  revision: null,
  receivedUs: null,
  acquireUs: null,
};

/** Where the service gave no code of its own, the platform's reason stands in its place. */
function saidBy(answer: Answer | null): Said {
  if (answer === null) return silence;
  const { platformReason, ...said } = answer;
  return { ...said, errorCode: said.errorCode ?? platformReason };
}
