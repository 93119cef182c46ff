import type { RunRecord } from '../../src/evidence/run-record.ts';

/** The policy of clients that never try again. */
export const noRetry: RunRecord['client']['policy'] = {
  name: 'none',
  maxAttempts: 1,
  backoff: { initialMs: 0, maxMs: 0, multiplier: 1, jitter: 'none' },
  throttledInitialMs: null,
  retryOn: { statuses: [], connect: false, timeout: false },
  retryAfter: 'ignore',
  budget: null,
  layers: 1,
};
