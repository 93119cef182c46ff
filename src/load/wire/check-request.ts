import { InputError, type Problem } from '../../base/errors.ts';
import type { HttpRequest } from '../request/http-request.ts';

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const path = /^\/[!-~\x80-\xff]*$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Throws `InputError` where a request has characters that can't be sent. What templates fill in is known only when a
 * request is built, and that it can't be written is no failure of the service. Headers that are the same for every
 * request were checked with the scenario.
 */
export function checkRequest(request: HttpRequest): void {
  if (path.test(request.path) && token.test(request.method) && request.extra.length === 0) return;
  const problems = problemsOf(request);
  if (problems.length > 0) throw new InputError(problems);
}

function problemsOf(request: HttpRequest): readonly Problem[] {
  const problems: Problem[] = [];
  if (!token.test(request.method))
    problems.push({ message: `${JSON.stringify(request.method)} is not an HTTP method` });
  if (!path.test(request.path))
    problems.push({
      message: `the path ${JSON.stringify(request.path)} can't be sent: it needs a / first, and no blanks or control characters`,
      hint: 'write other characters percent-encoded, as %20',
    });
  for (let at = 0; at + 1 < request.extra.length; at += 2)
    if (!token.test(request.extra[at] ?? '') || !headerValue.test(request.extra[at + 1] ?? ''))
      // The value may be a secret and is not shown.
      problems.push({
        message: `the header ${JSON.stringify(request.extra[at])} has a character that headers can't have`,
      });
  return problems;
}
