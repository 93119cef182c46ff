import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/verdict/judge.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { makeEvidence, type Story } from '../support/evidence-builder.ts';
import { wakeStory } from '../support/stories.ts';

function waves(changes: Partial<Story> = {}): Summary {
  return judge(makeEvidence(changes, wakeStory));
}

const isWave = (ms: number): boolean => (ms >= 20_000 && ms < 28_000) || (ms >= 40_000 && ms < 48_000);

describe('waves from zero, each after an idle phase', () => {
  const summary = waves();

  test('pass when all of them were met: idle time is no gap in the evidence', () => {
    expect(summary.validity.filter(({ ok }) => !ok)).toEqual([]);
    expect(summary.verdict).toBe('PASS');
    expect(summary.bounds.filter(({ status }) => status === 'INCONCLUSIVE')).toEqual([]);
  });

  test('are judged all together, and recovery from the last one', () => {
    const failing = waves({
      endAt: (ms, arrival) =>
        ms < 15_000 || arrival % 3 !== 0
          ? { outcome: 'ok', tookMs: 20 }
          : { outcome: 'shed', tookMs: isWave(ms) ? 12 : 5 },
    });
    const recovery = failing.bounds.find(({ id }) => id === 'B22')!;
    expect(recovery.status).toBe('FAIL');
    expect(recovery.witness!.from_us).toBeGreaterThan(3_000_000 + 1000 * (48_000 + 14_000) - 1);
    const slow = waves({
      endAt: (ms, arrival) =>
        isWave(ms) && arrival % 3 === 0
          ? { outcome: 'pool_timeout', tookMs: ms > 30_000 ? 2500 : 900 }
          : { outcome: 'ok', tookMs: 20 },
    });
    const fast = slow.bounds.find(({ id }) => id === 'B11')!;
    expect(fast).toMatchObject({ status: 'FAIL', first_violation: { phase: 'wake-2' } });
  });
});

describe('D22', () => {
  const turnedAway = (share: number): Partial<Story> => ({
    endAt: (ms, arrival) =>
      isWave(ms) && arrival % share === 0
        ? { outcome: 'platform', tookMs: 12_000 }
        : { outcome: 'ok', tookMs: 20 },
  });

  test('is sure of itself when every wake-up went wrong', () => {
    const found = waves(turnedAway(2)).diagnosis.find(({ id }) => id === 'D22')!;
    expect(found.confidence).toBe('high');
    expect(found.evidence[0]).toBe('no instance was alive when wake-1 and wake-2 began');
    expect(found.lever).toContain('min instances at 1');
  });

  test('is said of a wake-up that Postgres refused', () => {
    const refusedAt = [20_600, 20_700, 40_600, 40_700];
    const summary = waves({
      refusedAt,
      endAt: (ms, arrival) =>
        isWave(ms) && arrival % 2 === 0 ? { outcome: 'db_error', tookMs: 50 } : { outcome: 'ok', tookMs: 20 },
    });
    const found = summary.diagnosis.find(({ id }) => id === 'D22')!;
    expect(found.evidence.at(-1)).toBe(
      'sessions rose from 0 to 16 in these seconds, and Postgres refused 4 connections',
    );
  });

  test('is not said of waves that met a fleet', () => {
    const awake = { ...turnedAway(2), instancesAt: () => 4 };
    expect(waves(awake).diagnosis.map(({ id }) => id)).not.toContain('D22');
  });
});
