import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../../src/evidence/evidence.ts';
import { judge } from '../../../../src/verdict/judge.ts';
import { summarySchema, type Summary } from '../../../../src/verdict/summary/summary.ts';
import { goodStory, makeEvidence } from '../../support/evidence-builder.ts';
import { withRetries, type RetryEnd } from '../../support/stories.ts';

/** 15 s of stress at 60/s in which every third arrival is turned away; its retry is, too, and the next one is served. */
function storm(second: RetryEnd = { outcome: 'shed', tookMs: 10 }): Evidence {
  return withRetries(makeEvidence(), ({ attempt }) =>
    attempt === 1 ? second : { outcome: 'ok', tookMs: 10 },
  );
}

function of<Row extends { readonly phase: string }>(rows: readonly Row[], phase: string): Row {
  return rows.find((row) => row.phase === phase)!;
}

const guard = (summary: Summary, id: string): Summary['validity'][number] =>
  summary.validity.find((one) => one.id === id)!;

describe('a burst whose clients retry', () => {
  const summary = judge(storm());

  test('counts requests and attempts apart, by the phase of the arrival', () => {
    expect(of(summary.amplification, 'burst')).toEqual({
      phase: 'burst',
      requests: 600,
      attempts: 1000,
      retries: 400,
      client: 1.667,
      first_failed: 0.333,
    });
    expect(of(summary.amplification, 'baseline')).toMatchObject({ retries: 0, client: 1, first_failed: 0 });
    expect(of(summary.outcomes, 'burst').counts).toEqual({ ok: 600, shed: 400 });
  });

  test('calls good what any attempt brought in time, counted from the first one’s start', () => {
    const { good, ratio, request_ms: waited } = of(summary.goodput, 'burst');
    expect({ good, ratio }).toEqual({ good: 600, ratio: 1 });
    // Turned away after 12 ms, again 111 ms later after 10 ms, then served 211 ms after that, and lags.
    expect(waited?.max).toBeGreaterThan(330);
    expect(waited?.max).toBeLessThan(360);
    expect(
      of(
        summary.latency.filter(({ outcome }) => outcome === 'ok'),
        'burst',
      ).response_ms.max,
    ).toBeLessThan(40);
  });

  test('changes nothing of what was planned, sent and how late', () => {
    const plain = judge(makeEvidence());
    expect(summary.schedule).toEqual({ ...plain.schedule, retries: 400, retry_lag_p99_ms: 1 });
    for (const id of ['V01', 'V02', 'V08', 'V10']) expect(guard(summary, id).ok).toBe(true);
    expect(guard(summary, 'V02')).toEqual(guard(plain, 'V02'));
    expect(summary.verdict).toBe('PASS');
    expect(summarySchema.parse(summary)).toEqual(summary);
  });

  test('says that retries were tested, and how many first attempts failed', () => {
    expect(summary.caveats.find((caveat) => caveat.startsWith('not tested'))).not.toContain('retries');
    expect(judge(makeEvidence()).caveats.join(' ')).toContain('rollout overlap, faults and retries');
    expect(summary.exercise.statement).toContain('33 % of the first attempts under stress failed');
  });

  test('holds predictions against first attempts: the models know nothing of asking again', () => {
    const evidence = storm();
    const statement = 'turned away';
    const refused = { id: 'refused_rate', statement, phase: 'burst', value: 20, unit: 'per_sec' } as const;
    const judged = judge({ ...evidence, run: { ...evidence.run, predictions: [refused] } });
    expect(judged.predictions).toMatchObject([{ measured: 20, match: 'match' }]);
  });
});

describe('retries of the harness', () => {
  test('late retries are shown and break nothing; late first attempts do', () => {
    const late = judge(storm({ outcome: 'shed', tookMs: 10, lagMs: 300 }));
    expect(guard(late, 'V01')).toMatchObject({ ok: true });
    expect(late.schedule).toMatchObject({ lag_p99_ms: 1, retry_lag_p99_ms: 300 });
    expect(guard(late, 'V01').reason).toContain('of retries p99 300 ms');
  });

  test('a retry that was dropped is no arrival that was dropped, and the reader is told', () => {
    const summary = judge(storm({ outcome: 'dropped', tookMs: 0 }));
    expect(summary.schedule).toMatchObject({ dropped: 0, retries: 0, retries_dropped: 200 });
    expect(guard(summary, 'V02').ok).toBe(true);
    expect(of(summary.amplification, 'burst')).toMatchObject({ requests: 600, attempts: 600, client: 1 });
    expect(summary.caveats.join(' ')).toContain('200 retries were not sent');
  });

  test('a storm in which too few first attempts failed was none', () => {
    const calm = makeEvidence({
      endAt: (ms, arrival) =>
        ms >= 15_000 && ms < 25_000 && arrival % 20 === 0
          ? { outcome: 'shed', tookMs: 12 }
          : goodStory.endAt(0, arrival),
    });
    expect(judge(calm).verdict).toBe('PASS');
    const summary = judge(withRetries(calm, () => ({ outcome: 'ok', tookMs: 10 })));
    expect(guard(summary, 'V09')).toMatchObject({ ok: false, value: 0.05, limit: 0.1 });
    expect(summary.verdict).toBe('INCONCLUSIVE');
  });
});

describe('requests that only a retry saves', () => {
  test('are as good as before to the recovery bound, but not while every one takes several attempts', () => {
    const degraded = makeEvidence({
      endAt: (ms, arrival) =>
        ms >= 15_000 && arrival % 3 === 0 ? { outcome: 'shed', tookMs: 12 } : goodStory.endAt(0, arrival),
    });
    const recovery = (evidence: Evidence): Summary['bounds'][number] =>
      judge(evidence).bounds.find(({ id }) => id === 'B22')!;
    expect(recovery(degraded).status).toBe('FAIL');
    const saved = recovery(withRetries(degraded, () => ({ outcome: 'ok', tookMs: 10 })));
    expect(saved).toMatchObject({ status: 'INCONCLUSIVE' });
  });

  test('a slow failure names the attempt that it was', () => {
    const summary = judge(storm({ outcome: 'shed', tookMs: 3000 }));
    const bound = summary.bounds.find(({ id }) => id === 'B11')!;
    expect(bound.status).toBe('FAIL');
    expect(bound.witness?.what).toMatch(/^arrival \d+, attempt 2: shed after/);
  });
});
