import { expect, test } from 'vitest';
import { pendingRequest } from '../../../src/platform/local/fleet/pending-request.ts';

const caller = { arrivedUs: 500, handTo: () => undefined, refuse: () => undefined };

test.each([
  ['the pending limit, where it is shorter', 1000, 3000, 1500, 'pending'],
  ['the timeout, where it is shorter', 4000, 3000, 3500, 'timeout'],
  ['the timeout, where both come at once', 3000, 3000, 3500, 'timeout'],
  ['the timeout, where there is no pending limit', null, 3000, 3500, 'timeout'],
] as const)('a request waits until %s', (_, pendingUs, timeoutUs, deadlineUs, limit) => {
  expect(pendingRequest(caller, pendingUs, timeoutUs)).toEqual({ caller, deadlineUs, limit });
});
