import { types, type Method } from '../admin-api.ts';
import { invalidArgument } from '../api-error.ts';
import { operationName } from './get-operation.ts';

/** A call is answered after so long, done or not, whatever the client asked for. */
const longestMs = 60_000;

export const waitOperation: Method = {
  answers: types.operation,
  handle: (api, { name, body }) =>
    api.operations.wait(operationName(api, name), Math.min(longestMs, timeoutMs(body['timeout']))),
};

function timeoutMs(given: unknown): number {
  if (given === undefined) return longestMs;
  const seconds = typeof given === 'string' && /^\d+(\.\d+)?s$/.test(given) ? parseFloat(given) : NaN;
  if (Number.isNaN(seconds))
    throw invalidArgument([{ field: 'timeout', description: 'must be a duration in seconds such as "10s"' }]);
  return seconds * 1000;
}
