import { z } from 'zod';
import type { RetryOn } from './client.ts';
import { statusClass } from './client-policies.ts';

/** Whole classes of statuses, and the failures that have no status. */
const failureWords = ['4xx', '5xx', 'timeout', 'connect'] as const;

const failure = z.union([
  z.int().min(400, 'must be at least 400').max(599, 'must be at most 599'),
  z.enum(failureWords, `must be a status such as 503, or one of ${failureWords.join(', ')}`),
]);

type Failure = z.output<typeof failure>;

/** `client.retry.retry_on`: a list of failures in the file, sorted statuses in the scenario. */
export const retryOnCodec = z.codec(
  z.array(failure).min(1, 'names no failure; "retry: none" retries nothing'),
  z.custom<RetryOn>(),
  { decode: makeRetryOn, encode: writeRetryOn },
);

function makeRetryOn(given: readonly Failure[]): RetryOn {
  const statuses = given.flatMap((one) => {
    if (one === '4xx') return statusClass(4);
    if (one === '5xx') return statusClass(5);
    return typeof one === 'number' ? [one] : [];
  });
  return {
    statuses: [...new Set(statuses)].sort((a, b) => a - b),
    connect: given.includes('connect'),
    timeout: given.includes('timeout'),
  };
}

/** A class that is complete goes by its name, the other statuses one by one. */
function writeRetryOn({ statuses, connect, timeout }: RetryOn): Failure[] {
  const whole = ([4, 5] as const).filter((hundreds) =>
    statusClass(hundreds).every((status) => statuses.includes(status)),
  );
  return [
    ...whole.map((hundreds) => `${hundreds}xx` as const),
    ...statuses.filter((status) => whole.every((hundreds) => Math.floor(status / 100) !== hundreds)),
    ...(timeout ? (['timeout'] as const) : []),
    ...(connect ? (['connect'] as const) : []),
  ];
}
