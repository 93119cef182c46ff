import type { ServerResponse } from 'node:http';

/** Why the platform answers a request itself. */
export type AnswerReason =
  | 'no_instance'
  | 'no_instance_below_max'
  | 'startup_failed'
  | 'queue_full'
  | 'no_traffic'
  | 'connection_error'
  | 'timeout'
  | 'stopping'
  | 'request_too_large'
  | 'response_too_large'
  | 'upgrade_not_supported';

export interface PlatformAnswer {
  readonly status: number;
  readonly text: string;
}

/** Status and text of every answer of the platform's own, in Cloud Run's words where it has some. */
export const platformAnswers: Readonly<Record<AnswerReason, PlatformAnswer>> = {
  no_instance: {
    status: 429,
    text: 'The request was aborted because there was no available instance. The Cloud Run service might have reached its maximum container instance limit or the service was otherwise not able to scale to incoming requests.',
  },
  no_instance_below_max: {
    status: 500,
    text: 'The request was aborted because there was no available instance.',
  },
  startup_failed: {
    status: 500,
    text: 'The request failed because the instance could not start successfully.',
  },
  queue_full: { status: 503, text: 'pending request queue full' },
  no_traffic: { status: 404, text: 'No revision of this service has traffic.' },
  connection_error: {
    status: 503,
    text: 'The request failed because either the HTTP response was malformed or connection to the instance had an error.',
  },
  timeout: {
    status: 504,
    text: 'The request has been terminated because it has reached the maximum request timeout.',
  },
  stopping: { status: 503, text: 'The service is being stopped.' },
  request_too_large: { status: 413, text: 'Request Entity Too Large' },
  response_too_large: {
    status: 500,
    text: 'Response size was too large. Please consider reducing response size.',
  },
  upgrade_not_supported: {
    status: 501,
    text: 'This emulator does not carry WebSockets or other protocol upgrades.',
  },
};

/** The header that tells the platform's own answers from those of instances. */
export const platformHeader = 'x-poolproof-platform';

/** Sends the platform's answer for this reason, with headers that say who was involved. */
export function answer(response: ServerResponse, reason: AnswerReason, more: readonly string[] = []): void {
  const { status, text } = platformAnswers[reason];
  const body = Buffer.from(`${text}\n`);
  response.writeHead(status, [
    'content-type',
    'text/plain; charset=utf-8',
    'content-length',
    String(body.length),
    platformHeader,
    reason,
    ...more,
  ]);
  response.end(body);
}
