import { describe, expect, test } from 'vitest';
import { isStarved } from '../../../src/platform/local/instance/run-delay.ts';

describe('an instance without a processor', () => {
  const look = (tUs: number, delayUs: number | null): Parameters<typeof isStarved>[0] => ({ tUs, delayUs });

  test('waited for one most of the time', () => {
    expect(isStarved(look(0, 5000), look(100_000, 60_000))).toBe(true);
    expect(isStarved(look(0, 5000), look(100_000, 50_000))).toBe(false);
  });

  test('is not known where the system does not tell', () => {
    expect(isStarved(look(0, null), look(100_000, 60_000))).toBe(false);
    expect(isStarved(look(0, 5000), look(100_000, null))).toBe(false);
  });
});
