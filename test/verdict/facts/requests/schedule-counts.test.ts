import { expect, test } from 'vitest';
import type { Attempt } from '../../../../src/evidence/attempt.ts';
import { scheduleCounts } from '../../../../src/verdict/facts/requests/schedule-counts.ts';
import { makeEvidence } from '../../support/evidence-builder.ts';

/** The same evidence, with the first attempts changed in this way. */
function withFirst(count: number, change: Partial<Attempt>) {
  const evidence = makeEvidence();
  const attempts = evidence.attempts.map((one, index) => (index < count ? { ...one, ...change } : one));
  return { evidence, counts: scheduleCounts({ ...evidence, attempts }) };
}

test.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS'])('%s is no request that was sent', (errorCode) => {
  const { evidence, counts } = withFirst(3, { outcome: 'conn_error', errorCode });
  expect(counts.scheduled).toEqual({ sent: evidence.attempts.length - 3, dropped: 0, failed: 3 });
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'closed', null])('%s is an answer of its own kind', (errorCode) => {
  const { evidence, counts } = withFirst(3, { outcome: 'conn_error', errorCode });
  expect(counts.scheduled).toEqual({ sent: evidence.attempts.length, dropped: 0, failed: 0 });
});
