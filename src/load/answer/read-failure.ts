import { readError } from '../../evidence/error-taxonomy.ts';
import type { Answer, AnswerHeaders } from './answer.ts';

/** How much of a failure's body is looked at: errors say what they are at the beginning. */
export const failureBytes = 1024;

/** Whether a status is a failure of which the service may say more in the body. */
export function isFailure(status: number): boolean {
  return status >= 500 || status === 429;
}

/**
 * What an answer says of itself in its body, where its headers leave it open: most services send the text of the
 * error that they met. The platform's own answers speak for themselves.
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
