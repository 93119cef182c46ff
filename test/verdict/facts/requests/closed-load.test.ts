import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../../src/evidence/evidence.ts';
import { judge } from '../../../../src/verdict/judge.ts';
import type { Summary } from '../../../../src/verdict/summary/summary.ts';
import { goodStory, makeEvidence } from '../../support/evidence-builder.ts';
import { withClosed } from '../../support/stories.ts';

const guard = (summary: Summary, id: string): Summary['validity'][number] =>
  summary.validity.find((one) => one.id === id)!;

describe('a stress phase whose clients wait for their answers', () => {
  const summary = judge(withClosed(makeEvidence(), 'burst', 30, 480));

  test('is no part of the plan: what it sent is counted apart', () => {
    expect(summary.schedule).toMatchObject({
      planned: 900,
      sent: 900,
      dropped: 0,
      closed: { sent: 600, dropped: 0 },
    });
    expect(guard(summary, 'V02')).toMatchObject({ ok: true, value: 1 });
  });

  test('says what load its clients came to, and that nobody planned it', () => {
    const [, burst] = summary.phases;
    // 400 served in 20 to 29 ms and 200 turned away in 12, each a millisecond late: (480 + 21.3 + 1) ms a turn.
    expect(burst).toMatchObject({ rate_per_sec: null, closed: { clients: 30, think_ms: 480 } });
    expect(burst?.closed?.effective_per_sec).toBeCloseTo(30 / 0.5013, 0);
    expect(summary.caveats.join(' ')).toContain('burst: closed, the service sets its own load');
    expect(summary.exercise.statement).not.toContain('times the baseline');
  });

  test('is judged like any other where the load around it was planned', () => {
    expect(guard(summary, 'V10').ok).toBe(true);
    expect(summary.verdict).toBe('PASS');
  });
});

describe.each(['baseline', 'recovery'])('a closed %s', (name) => {
  test('leaves no answer to whether the load was the same again', () => {
    const summary = judge(withClosed(makeEvidence(), name, 10, 500));
    expect(guard(summary, 'V10')).toMatchObject({ ok: false, value: null });
    expect(guard(summary, 'V10').reason).toContain(`${name} is closed`);
    expect(guard(summary, 'V02').ok).toBe(true);
    expect(summary.bounds.find(({ id }) => id === 'B22')?.status).toBe('INCONCLUSIVE');
  });
});

test('nothing is called metastable while the service set any of the load after the trigger', () => {
  const [baseline, burst] = goodStory.phases;
  const after = { ...baseline!, name: 'after', startMs: 25_000, endMs: 40_000 };
  const recovery = { ...baseline!, name: 'recovery', startMs: 40_000, endMs: 70_000 };
  const degraded = makeEvidence({
    phases: [baseline!, burst!, after, recovery],
    endAt: (ms, arrival) =>
      ms >= 15_000 && arrival % 2 === 0 ? { outcome: 'shed', tookMs: 12 } : { outcome: 'ok', tookMs: 20 },
  });
  const reason = (evidence: Evidence): string | undefined =>
    judge(evidence).bounds.find(({ id, status }) => id === 'B22' && status === 'FAIL')?.reason;
  expect(reason(degraded)).toMatch(/^METASTABLE/);
  expect(reason(withClosed(degraded, 'after', 10, 500))).toMatch(/^still degraded/);
});

test('the planned dispersion of a phase is told where the recording has it', () => {
  const evidence = makeEvidence();
  const [first, ...rest] = evidence.run.phases;
  const summary = judge({
    ...evidence,
    run: { ...evidence.run, phases: [{ ...first!, dispersion: 12.3456 }, ...rest] },
  });
  expect(summary.phases.map(({ dispersion }) => dispersion)).toEqual([12.346, null, null]);
});
