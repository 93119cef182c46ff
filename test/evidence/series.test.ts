import { describe, expect, it } from 'vitest';
import { attemptSeries } from '../../src/evidence/series.ts';
import { attempt, evidence, phase, run } from './given.ts';

describe('the series of attempts', () => {
  const given = evidence({
    attempts: [
      attempt({ arrival: 0, intendedUs: 100, sentUs: 110, endedUs: 1500 }),
      attempt({ arrival: 1, intendedUs: 900, sentUs: 1200, endedUs: 3300, outcome: 'shed' }),
      attempt({ arrival: 1, attempt: 2, intendedUs: 3400, sentUs: 3400, endedUs: 3500 }),
      attempt({ arrival: 2, intendedUs: 950, sentUs: 950, endedUs: null, outcome: 'dropped' }),
      attempt({ arrival: 3, intendedUs: 960, sentUs: 960, endedUs: null, outcome: 'unfinished' }),
    ],
  });

  it('counts each attempt where it was planned, where it was sent and where it ended', () => {
    const series = attemptSeries(given, 1000);
    expect(
      series.map(({ fromUs, planned, sent, retries, dropped }) => [fromUs, planned, sent, retries, dropped]),
    ).toEqual([
      [0, 4, 2, 0, 1],
      [1000, 0, 1, 0, 0],
      [2000, 0, 0, 0, 0],
      [3000, 0, 0, 1, 0],
    ]);
    expect(series.map(({ ended }) => ended)).toEqual([{}, { ok: 1 }, {}, { shed: 1, ok: 1 }]);
  });

  it('plans nothing in a closed phase, and calls no dropped retry a dropped arrival', () => {
    const closed = { clients: 1, thinkMs: 1 };
    const phases = [phase({ name: 'burst', closed })];
    const attempts = [
      attempt({ arrival: 0 }),
      attempt({ arrival: 0, attempt: 2, endedUs: null, outcome: 'dropped' }),
      attempt({ arrival: 1, phase: 'recovery' }),
    ];
    expect(attemptSeries(evidence({ run: { ...run, phases }, attempts }), 1_000_000)).toMatchObject([
      { planned: 1, sent: 2, retries: 0, dropped: 0 },
    ]);
  });

  it('shows response time from the intended start, where the attempt was meant to begin', () => {
    const [first] = attemptSeries(given, 1000);
    expect(first?.responseMs).toEqual({
      ok: { p50: 1.4, p90: 1.4, p99: null, max: 1.4 },
      refused: { p50: 2.4, p90: 2.4, p99: null, max: 2.4 },
    });
  });

  it('speaks of a p99 only from a hundred values on', () => {
    const hundred = Array.from({ length: 100 }, (_, index) =>
      attempt({ intendedUs: 0, sentUs: 0, endedUs: (index + 1) * 1000 }),
    );
    const p99 = (attempts: typeof hundred): unknown =>
      attemptSeries(evidence({ attempts }), 1_000_000)[0]?.responseMs.ok?.p99;
    expect(p99(hundred)).toBe(99);
    expect(p99(hundred.slice(1))).toBeNull();
  });

  it('does not fill the memory when one time is far off', () => {
    const far = evidence({
      attempts: [attempt(), attempt({ intendedUs: 1e15, sentUs: 1e15, endedUs: 1e15 })],
    });
    expect(attemptSeries(far, 1000).length).toBeLessThan(10);
  });

  it('is empty when there was nothing', () => {
    expect(attemptSeries(evidence(), 1000)).toEqual([]);
  });
});
