import { describe, expect, test } from 'vitest';
import type { RunEvent, StallEvent } from '../../../src/evidence/event.ts';
import { judge } from '../../../src/verdict/judge.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { goodStory, makeEvidence, type Story } from '../support/evidence-builder.ts';

const limitMs = 1100;

function stall(at: (ms: number) => number, of: StallEvent['of'], fromMs: number, toMs: number): RunEvent {
  return { kind: 'stall', t_us: at(toMs), of, from_us: at(fromMs) };
}

function judged(
  changes: Partial<Story>,
  stalls: readonly (readonly [StallEvent['of'], number, number])[],
): Summary {
  const happened = (at: (ms: number) => number): readonly RunEvent[] =>
    stalls.map(([of, fromMs, toMs]) => stall(at, of, fromMs, toMs));
  return judge(makeEvidence({ ...changes, happened }));
}

function boundOf(summary: Summary, id: string): Summary['bounds'][number] {
  const found = summary.bounds.find((bound) => bound.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

/** Every third request of the stress is turned away; those due from one moment to another as late as this. */
function lateFrom(fromMs: number, toMs: number, tookMs: number): Partial<Story> {
  return {
    endAt: (ms, arrival) => {
      if (ms < 15_000 || ms >= 25_000 || arrival % 3 !== 0) return { outcome: 'ok', tookMs: 20 };
      return { outcome: 'shed', tookMs: ms >= fromMs && ms < toMs ? tookMs : 12 };
    },
  };
}

describe('a failure that came too late', () => {
  const slow = lateFrom(18_000, 18_100, limitMs + 50);

  test('is the service’s where nothing of ours stalled', () => {
    expect(boundOf(judged(slow, []), 'B11').status).toBe('FAIL');
  });

  test.each(['lane', 'emulator', 'instance'] as const)(
    'is set aside, by name and share, where a stall of the %s explains it',
    (of) => {
      const summary = judged(slow, [[of, 18_300, 18_410]]);
      const { status, reason } = boundOf(summary, 'B11');
      expect(status).toBe('PASS');
      expect(reason).toMatch(
        /1 stall of ours \(.+ 1\), 110 ms of 55 s, \d+ of 1500 attempts \([\d.]+ %\) set aside$/,
      );
      expect(summary.verdict).toBe('PASS');
    },
  );

  test('is nobody’s where the stall explains only a part of it', () => {
    const { status, reason, witness } = boundOf(
      judged(lateFrom(18_000, 18_100, limitMs + 900), [['emulator', 18_300, 18_600]]),
      'B11',
    );
    expect(status).toBe('INCONCLUSIVE');
    expect(witness).toBeNull();
    expect(reason).toMatch(/^what breaks it lies in stalls of ours/);
  });

  test('is the service’s where another came late that no stall touched', () => {
    const { status, witness } = boundOf(
      judged(lateFrom(18_000, 21_000, limitMs + 50), [['emulator', 18_000, 19_500]]),
      'B11',
    );
    expect(status).toBe('FAIL');
    // 3 s before load start: the run's origin.
    expect((witness?.from_us ?? 0) / 1000 - 3000).toBeGreaterThan(19_500);
  });

  test('is nobody’s where too much lies in stalls for the rest to decide', () => {
    const stalls = Array.from(
      { length: 20 },
      (_, index) => ['emulator', 15_300 + 400 * index, 15_410 + 400 * index] as const,
    );
    const { status, reason } = boundOf(judged(slow, stalls), 'B11');
    expect(status).toBe('INCONCLUSIVE');
    expect(reason).toMatch(
      /set aside, of (the first second of )?burst [\d.]+ % \(limit \d+ %\); otherwise: /,
    );
  });
});

describe('a rule of the scenario’s own', () => {
  const rule = {
    expr: 'max(http.service_time{outcome=shed}) <= 1100ms',
    severity: 'hard',
    because: null,
  } as const;
  const slow = lateFrom(18_000, 18_100, limitMs + 50);
  const ruled = (stalls: readonly RunEvent[]): Summary => {
    const evidence = makeEvidence({ ...slow, happened: () => stalls });
    return judge({ ...evidence, run: { ...evidence.run, assertions: [rule] } });
  };

  test('is judged without what a stall explains, too', () => {
    const emulator = stall((ms) => 1000 * (3000 + ms), 'emulator', 18_300, 18_410);
    expect(boundOf(ruled([]), 'A01').status).toBe('FAIL');
    expect(boundOf(ruled([emulator]), 'A01')).toMatchObject({ status: 'PASS' });
  });
});

describe('what held all the same', () => {
  test('holds: stalls make times longer, never shorter', () => {
    expect(judged({}, [['emulator', 18_300, 18_500]]).verdict).toBe('PASS');
  });

  test('is not known where the first second of the burst lies in a stall', () => {
    const { verdict, bounds } = judged({}, [['emulator', 15_100, 15_500]]);
    expect(verdict).toBe('INCONCLUSIVE');
    expect(bounds.find(({ id }) => id === 'B11')?.reason).toMatch(
      /of the first second of burst \(40 %\) lie in long stalls of ours/,
    );
  });

  test('is not known where more than a few per cent of a phase do', () => {
    expect(judged({}, [['lane', 18_000, 19_000]]).verdict).toBe('INCONCLUSIVE');
  });
});

describe('a headroom login that was slow', () => {
  const slowOnce: Partial<Story> = { canaryAt: (ms) => ({ ok: true, tookMs: ms === 18_500 ? 1080 : 8 }) };

  test('counts, but for what a stall of the observer took', () => {
    expect(boundOf(judged(slowOnce, []), 'B04').status).toBe('FAIL');
    expect(boundOf(judged(slowOnce, [['observer', 18_600, 18_720]]), 'B04').status).toBe('PASS');
    expect(boundOf(judged(slowOnce, [['lane', 18_600, 18_720]]), 'B04').status).toBe('FAIL');
  });

  test('that was refused counts whatever stalled', () => {
    const refused: Partial<Story> = { canaryAt: (ms) => ({ ok: ms !== 18_500, tookMs: 8 }) };
    expect(boundOf(judged(refused, [['observer', 18_400, 18_700]]), 'B04').status).toBe('FAIL');
  });
});

describe('sessions above the claim', () => {
  // For a second, more than may be there while pools replace one each.
  const above: Partial<Story> = {
    sessionsAt: (ms) => (ms >= 18_000 && ms < 19_000 ? 17 : goodStory.sessionsAt(ms)),
  };

  test('are broken by the links’ exact count, whatever a lane did', () => {
    expect(boundOf(judged(above, []), 'B01').status).toBe('FAIL');
    expect(boundOf(judged(above, [['lane', 18_000, 19_000]]), 'B01').status).toBe('FAIL');
  });

  test('prove nothing where the emulator slept for most of the time', () => {
    expect(boundOf(judged(above, [['emulator', 18_200, 18_950]]), 'B01').status).toBe('INCONCLUSIVE');
    expect(boundOf(judged(above, [['emulator', 18_200, 18_400]]), 'B01').status).toBe('FAIL');
  });
});
