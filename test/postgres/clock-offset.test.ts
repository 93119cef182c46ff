import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockOffsetOf, runTimeOf } from '../../src/postgres/clock-offset.ts';

describe('the offset between two clocks', () => {
  it('is taken from the quickest round trip, as if the server had answered in its middle', () => {
    const offset = clockOffsetOf([
      { sentUs: 1000, serverUs: 5_009_000, receivedUs: 9000 },
      { sentUs: 20_000, serverUs: 5_020_150, receivedUs: 20_200 },
      { sentUs: 30_000, serverUs: 5_030_300, receivedUs: 30_400 },
    ]);
    expect(offset).toEqual({ offset_us: 5_000_050, error_us: 100 });
    expect(runTimeOf(5_020_150, offset)).toBe(20_100);
  });

  it('is never further from the truth than the error it states', () => {
    const trip = fc.record({
      sentUs: fc.integer({ min: 0, max: 1e9 }),
      thereUs: fc.integer({ min: 0, max: 50_000 }),
      backUs: fc.integer({ min: 0, max: 50_000 }),
    });
    fc.assert(
      fc.property(fc.array(trip, { minLength: 1 }), fc.integer({ min: 0, max: 2e15 }), (trips, trueUs) => {
        const { offset_us, error_us } = clockOffsetOf(
          trips.map(({ sentUs, thereUs, backUs }) => ({
            sentUs,
            serverUs: sentUs + thereUs + trueUs,
            receivedUs: sentUs + thereUs + backUs,
          })),
        );
        expect(Math.abs(offset_us - trueUs)).toBeLessThanOrEqual(error_us);
      }),
    );
  });
});
