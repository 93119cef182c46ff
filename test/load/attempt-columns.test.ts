import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomes, type Attempt } from '../../src/evidence/attempt.ts';
import { decodeAttempts, encodeAttempts } from '../../src/load/attempt-columns.ts';

const count = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const us = fc.integer({ min: 0, max: 2 ** 52 });
const text = fc.string({ maxLength: 12 });
const orNull = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some, { nil: null });

const attempt: fc.Arbitrary<Attempt> = fc.record({
  arrival: count,
  attempt: count,
  client: count,
  route: text,
  phase: text,
  intendedUs: us,
  sentUs: us,
  endedUs: orNull(us),
  status: orNull(count),
  outcome: fc.constantFrom(...outcomes),
  errorCode: orNull(text),
  sqlstate: orNull(text),
  retryAfterMs: orNull(count),
  instance: orNull(text),
  revision: orNull(text),
  receivedUs: orNull(us),
  acquireUs: orNull(us),
  bodyValid: orNull(fc.boolean()),
  bytes: count,
});

describe('a batch of attempts', () => {
  it('comes out of its columns as it went in', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 20 }), (batch) => {
        expect(decodeAttempts(encodeAttempts(batch))).toEqual(batch);
      }),
    );
  });

  it('holds every string once', () => {
    const [one] = fc.sample(attempt, 1);
    const { strings } = encodeAttempts(Array.from({ length: 50 }, () => one!));
    expect(new Set(strings).size).toBe(strings.length);
  });
});
