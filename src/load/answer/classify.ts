import { allowanceMs } from '../../contract/thresholds.ts';
import type { Outcome } from '../../evidence/attempt.ts';
import type { Expectation } from '../../scenario/requests/request-spec.ts';
import type { Answer } from './answer.ts';

/** How an attempt came to its end. */
export type Ending = 'answered' | 'timeout' | 'broken';

/** An answer with what its outcome depends on. */
export interface Answered {
  readonly answer: Answer;
  /** Null where the route expects nothing but a status, or where it can't be known. */
  readonly bodyValid: boolean | null;
  readonly expect: Expectation;
  /** From the moment the instance got the request, or else from when it was sent, to its end. */
  readonly tookMs: number;
  /** T_acq of the contract. */
  readonly acquireTimeoutMs: number;
}

interface Rule {
  readonly outcome: Outcome;
  readonly when: (answered: Answered) => boolean;
}

/**
 * The first rule that holds gives the outcome. Without an error code from the service, two statuses are clear by
 * themselves: 429 is shedding, 504 a deadline. A bare 503 is judged by its time: if it came about one acquire timeout
 * after the request, give or take the allowance, it is a pool timeout; if sooner, it is shedding, because the service
 * can't have waited; if later, it is unknown. So pool_timeout and shed without an error code are inferred.
 */
const rules: readonly Rule[] = [
  { outcome: 'dishonest', when: ({ answer, bodyValid }) => isSuccess(answer.status) && bodyValid === false },
  { outcome: 'ok', when: ({ answer, expect }) => isExpected(answer.status, expect) },
  { outcome: 'client_error', when: ({ answer }) => isClientError(answer.status) },
  // An instance had the request and missed the deadline; the platform only reports it.
  { outcome: 'deadline', when: ({ answer }) => isMissedDeadline(answer) },
  { outcome: 'platform', when: ({ answer }) => answer.platformReason !== null },
  { outcome: 'shed', when: ({ answer }) => answer.errorCode === 'shed' },
  { outcome: 'pool_timeout', when: ({ answer }) => answer.errorCode === 'pool_timeout' },
  { outcome: 'stmt_timeout', when: ({ answer }) => answer.errorCode === 'stmt_timeout' },
  { outcome: 'db_error', when: ({ answer }) => answer.errorCode === 'db_error' },
  { outcome: 'deadline', when: ({ answer }) => answer.errorCode === 'deadline' },
  { outcome: 'stmt_timeout', when: ({ answer }) => answer.sqlstate === '57014' },
  { outcome: 'db_error', when: ({ answer }) => /^(08|28|53|57P)/.test(answer.sqlstate ?? '') },
  { outcome: 'deadline', when: ({ answer }) => answer.status === 504 },
  { outcome: 'shed', when: ({ answer }) => answer.status === 429 },
  { outcome: 'pool_timeout', when: (answered) => isUnavailable(answered) && waited(answered) === 'in full' },
  { outcome: 'shed', when: (answered) => isUnavailable(answered) && waited(answered) === 'less' },
];

/** The outcome of a complete answer. */
export function classify(answered: Answered): Outcome {
  return rules.find((rule) => rule.when(answered))?.outcome ?? 'unknown';
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isExpected(status: number, expect: Expectation): boolean {
  return expect.status.length === 0 ? status >= 200 && status < 400 : expect.status.includes(status);
}

function isClientError(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

function isMissedDeadline({ status, platformReason, instance }: Answer): boolean {
  return platformReason !== null && status === 504 && instance !== null;
}

function isUnavailable({ answer }: Answered): boolean {
  return answer.status === 503;
}

/** Whether the answer took less time than an acquire timeout, about as much, or more. */
function waited({ answer, tookMs, acquireTimeoutMs }: Answered): 'less' | 'in full' | 'longer' {
  const allowance = allowanceMs(0, acquireTimeoutMs);
  if (answer.acquireUs !== null && answer.acquireUs / 1000 >= acquireTimeoutMs) return 'in full';
  if (tookMs < acquireTimeoutMs - allowance) return 'less';
  return tookMs <= acquireTimeoutMs + allowance ? 'in full' : 'longer';
}
