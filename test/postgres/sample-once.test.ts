import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAtUs } from '../../src/postgres/sample-once.ts';

describe('the time of a sample', () => {
  it("is the server's own, in run time", () => {
    expect(readAtUs(5_000_400, { offset_us: 5_000_000, error_us: 50 }, 100, 30_000)).toBe(400);
  });

  it('stays within the round trip, however the clock of the server jumps', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.nat(), fc.nat(), (serverUs, offset_us, sentUs, tookUs) => {
        const tUs = readAtUs(serverUs, { offset_us, error_us: 1 }, sentUs, sentUs + tookUs);
        expect(tUs).toBeGreaterThanOrEqual(sentUs);
        expect(tUs).toBeLessThanOrEqual(sentUs + tookUs);
      }),
    );
  });
});
