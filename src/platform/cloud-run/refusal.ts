import { EnvironmentError, messageOf } from '../../base/errors.ts';
import { isObject } from '../json.ts';

/** What the Admin API said when it refused a call. */
export interface Refusal {
  /** Such as `ABORTED`; '' when the answer was none of the API's. */
  readonly status: string;
  readonly message: string;
}

/**
 * Reads what the official client threw: over REST the answer's body is in the response or is the message
 * itself; over gRPC the message is the service's own with the code before it.
 */
export function refusalOf(error: unknown): Refusal {
  const body = bodyOf(error);
  const inner = isObject(body) ? body['error'] : undefined;
  if (!isObject(inner)) return { status: '', message: messageOf(error) };
  const { status, message } = inner;
  return {
    status: typeof status === 'string' ? status : '',
    message: typeof message === 'string' ? message : messageOf(error),
  };
}

/** The known error for a call that failed. */
export function callFailed(what: string, error: unknown): EnvironmentError {
  const { status, message } = refusalOf(error);
  const code = status === '' ? '' : `${status}: `;
  return new EnvironmentError([{ message: `${what}: ${code}${message}`, ...hintFor(status) }], {
    cause: error,
  });
}

function hintFor(status: string): { hint?: string } {
  const hint = hints[status];
  return hint === undefined ? {} : { hint };
}

const hints: Readonly<Record<string, string>> = {
  PERMISSION_DENIED:
    'changing a service needs roles/run.developer, and roles/iam.serviceAccountUser on its runtime identity',
  UNAUTHENTICATED: 'for Google: `gcloud auth application-default login`; for an emulator: its own token',
  NOT_FOUND: 'look at the project, the region and the name of the service',
};

function bodyOf(error: unknown): unknown {
  const response = isObject(error) ? error['response'] : undefined;
  const data = isObject(response) ? response['data'] : undefined;
  if (isObject(data) && isObject(data['error'])) return data;
  try {
    return JSON.parse(messageOf(error));
  } catch {
    return undefined;
  }
}
