import { readError } from '../../evidence/error-taxonomy.ts';
import type { Answer, AnswerHeaders } from './answer.ts';

/** How much of a failure's body is read: error messages come first. */
export const failureBytes = 1024;

/** Whether the body of an answer with this status may say what failed. */
export function isFailure(status: number): boolean {
  return status >= 500 || status === 429;
}

/**
 * Fills in the error code and SQLSTATE from the body where the headers lack them: most services send the text of the
 * error. The platform's own answers need no reading.
 */
export function readFailure(answer: Answer, headers: AnswerHeaders, body: Buffer | null): Answer {
  const { status, platformReason, errorCode, sqlstate } = answer;
  if (!isFailure(status) || platformReason !== null || (errorCode !== null && sqlstate !== null))
    return answer;
  const encoding = headers['content-encoding'];
  if (body === null || body.length === 0 || (encoding !== undefined && encoding !== 'identity'))
    return answer;
  const said = readError(body.toString('utf8', 0, failureBytes), sqlstate);
  if (said === null) return answer;
  return { ...answer, errorCode: errorCode ?? said.code, sqlstate: sqlstate ?? said.sqlstate };
}
