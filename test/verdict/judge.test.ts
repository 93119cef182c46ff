import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { runFacts } from '../../src/verdict/facts/run-facts.ts';
import { judge } from '../../src/verdict/judge.ts';
import { summarySchema, type Summary } from '../../src/verdict/summary/summary.ts';
import { badStory, goodStory, makeEvidence } from './support/evidence-builder.ts';

function statuses(summary: Summary): Record<string, string> {
  return Object.fromEntries(summary.bounds.map(({ id, status }) => [id, status]));
}

function bound(summary: Summary, id: string): Summary['bounds'][number] {
  return summary.bounds.find((one) => one.id === id)!;
}

function without(evidence: Evidence, gone: (event: Evidence['events'][number]) => boolean): Evidence {
  return { ...evidence, events: evidence.events.filter((event) => !gone(event)) };
}

describe('a safe service under a burst', () => {
  const summary = judge(makeEvidence());

  test('passes every bound, on exact truth', () => {
    expect(summary.verdict).toBe('PASS');
    expect(statuses(summary)).toEqual({
      B01: 'PASS',
      B02: 'NOT_APPLICABLE',
      B03: 'PASS',
      B04: 'PASS',
      B05: 'PASS',
      B06: 'PASS',
      B07: 'NOT_APPLICABLE',
      B08: 'PASS',
      B09: 'PASS',
      B10: 'PASS',
      B11: 'PASS',
      B12: 'PASS',
      B13: 'NOT_APPLICABLE',
      B14: 'PASS',
      B15: 'PASS',
      B16: 'PASS',
      B17: 'PASS',
      B18: 'NOT_APPLICABLE',
      B19: 'PASS',
      B20: 'PASS',
      B21: 'NOT_APPLICABLE',
      B22: 'PASS',
      B23: 'NOT_APPLICABLE',
      B24: 'NOT_APPLICABLE',
      B25: 'PASS',
      B26: 'PASS_SAMPLED',
    });
    expect(summary.answers).toEqual({ bounded: 'yes', fast_failing: 'yes' });
    expect(summary.validity.filter(({ ok }) => !ok)).toEqual([]);
  });

  test('is exercised, and has no diagnosis above low', () => {
    expect(summary.exercise).toMatchObject({ exercised: true, saturated_ratio: 1, peak_instances: 4 });
    expect(summary.diagnosis.filter(({ confidence }) => confidence !== 'low')).toEqual([]);
  });

  test('judges every bound there is, and says that the evidence is local', () => {
    expect(summary.bounds.map(({ id }) => id)).toEqual(
      Array.from({ length: 26 }, (_, index) => `B${String(index + 1).padStart(2, '0')}`),
    );
    expect(summary.caveats[0]).toMatch(/^evidence: local/);
  });

  test('fits its published shape', () => {
    expect(summarySchema.parse(summary)).toEqual(summary);
  });

  test('holds its predictions against what was measured', () => {
    expect(summary.predictions).toMatchObject([
      { id: 'peak_backends', predicted: 16, measured: 16, match: 'match' },
      { id: 'front_queue', measured: null, match: 'not_measured' },
    ]);
  });
});

describe('the unbudgeted shape', () => {
  const summary = judge(makeEvidence({}, badStory));

  test('fails the headroom and is refused, each with its first violation and witness', () => {
    expect(summary.verdict).toBe('FAIL');
    for (const id of ['B03', 'B05']) {
      expect(bound(summary, id)).toMatchObject({ status: 'FAIL', first_violation: { phase: 'burst' } });
      expect(bound(summary, id).witness).not.toBeNull();
    }
    expect(summary.answers.bounded).toBe('no');
    expect(bound(summary, 'B03').first_violation!.offset_ms).toBeCloseTo(1280, 0);
  });

  test('is first of all too wide, then holds transactions across a call', () => {
    expect(summary.diagnosis.map(({ id }) => id)).toEqual(['D02', 'D06']);
    expect(summary.diagnosis[0]).toMatchObject({
      confidence: 'high',
      lever: 'lower max instances from 50 to 4',
    });
    expect(summary.diagnosis[0]!.what_if[0]).toEqual({
      change: 'max instances 50 -> 4',
      claim: 60,
      planned: 90,
      fits: true,
    });
  });

  test('says in one sentence what broke first, and when', () => {
    expect(summary.headline).toMatch(
      /^FAIL: headroom \(B03\): 29 of 30 .*, 1\.28 s into burst; also broken: .*B05/,
    );
    expect(summary.headline).not.toContain('\n');
  });

  test('never names a bigger server as the lever', () => {
    for (const { lever, what_if: rows } of summary.diagnosis) {
      expect(lever).not.toContain('max_connections');
      expect(rows[0]!.change).not.toContain('max_connections');
    }
  });

  test('shows that overcommitment was accepted', () => {
    expect(summary.budget).toMatchObject({ fits: false, accepted_overcommit: true, planned: 780 });
    expect(summary.caveats.some((caveat) => caveat.includes('overcommitment'))).toBe(true);
  });
});

describe('few instances, each to its limit', () => {
  test('are called too deep, not too wide', () => {
    const summary = judge(
      makeEvidence(
        { maxInstances: 10, poolMax: 30, instancesAt: () => 3, sessionsAt: (ms) => (ms < 15_000 ? 4 : 90) },
        badStory,
      ),
    );
    expect(summary.diagnosis[0]).toMatchObject({ id: 'D01', confidence: 'high' });
    expect(summary.diagnosis[0]!.lever).toContain('pool max from 30 to 6');
  });
});

describe('a neighbour over its line', () => {
  test('breaks the headroom, and the service is exonerated', () => {
    const summary = judge(makeEvidence({ othersAt: (ms) => (ms >= 18_000 && ms < 20_000 ? 60 : 0) }));
    expect(statuses(summary)).toMatchObject({ B01: 'PASS', B03: 'FAIL' });
    expect(summary.diagnosis[0]).toMatchObject({ id: 'D23', confidence: 'high' });
    expect(summary.diagnosis[0]!.lever).toContain('reporting');
  });

  test('inside its own line changes nothing', () => {
    expect(judge(makeEvidence({ othersAt: () => 20 })).verdict).toBe('PASS');
  });
});

describe('sessions that go around the links', () => {
  const evidence = makeEvidence();
  const hiddenAt = (tUs: number): Evidence['events'] =>
    Array.from({ length: 8 }, (_, index) => ({
      kind: 'log' as const,
      t_us: tUs + index,
      what: 'authorized' as const,
      severity: 'LOG',
      sqlstate: null,
      pid: 900 + index,
      port: 900 + index,
      role: 'api_role',
      database: 'app',
      application_name: null,
      message: 'connection authorized',
    }));
  const withHidden = (tUs: number): Evidence => ({
    ...evidence,
    events: [...evidence.events, ...hiddenAt(tUs)].sort((a, b) => a.t_us - b.t_us),
  });

  test('are not those that made the tables before there was an instance', () => {
    const summary = judge(withHidden(1_000_000));
    expect(summary.verdict).toBe('PASS');
    expect(summary.caveats.some((caveat) => caveat.includes('counted exactly by the links'))).toBe(true);
  });

  test('are counted by the server log, and told of', () => {
    const summary = judge(withHidden(19_000_000));
    expect(bound(summary, 'B01')).toMatchObject({ status: 'FAIL', value: 24 });
    expect(summary.caveats.some((caveat) => caveat.startsWith('8 sessions'))).toBe(true);
  });
});

describe('a pool in every process', () => {
  test('breaks the claim, and the processes are counted', () => {
    const summary = judge(makeEvidence({ sessionsAt: (ms) => (ms >= 15_000 && ms < 25_000 ? 32 : 4) }));
    expect(statuses(summary)).toMatchObject({ B01: 'FAIL', B03: 'PASS' });
    expect(summary.diagnosis[0]).toMatchObject({ id: 'D05', confidence: 'high' });
  });
});

describe('evidence that is not good enough is never a pass', () => {
  test.each([
    ['no ping', 'V04', without(makeEvidence(), ({ kind }) => kind === 'ping')],
    ['no word from the generator', 'V01', without(makeEvidence(), ({ kind }) => kind === 'generator')],
    ['a sampler that was away', 'V03', makeEvidence({ blindFrom: 17_000, blindTo: 19_000 })],
    ['a generator that was late', 'V01', makeEvidence({ lagMs: 80 })],
    ['a service that was never saturated', 'V09', makeEvidence({ sessionsAt: () => 4 })],
    [
      'a baseline with errors',
      'V08',
      makeEvidence({
        endAt: (ms, arrival) =>
          arrival === 200 ? { outcome: 'shed', tookMs: 5 } : goodStory.endAt(ms, arrival),
      }),
    ],
  ] as const)('%s', (_, guard, evidence) => {
    const summary = judge(evidence);
    expect(summary.validity.filter(({ ok }) => !ok).map(({ id }) => id)).toContain(guard);
    expect(summary.verdict).toBe('INCONCLUSIVE');
    expect(summary.headline).toContain(guard);
    expect(summary.bounds.some(({ reason }) => reason.includes(guard))).toBe(true);
  });

  test.each([
    ['no server log', 'B05', ({ kind }: { kind: string }) => kind === 'log'],
    ['no canary', 'B04', ({ kind }: { kind: string }) => kind === 'canary'],
    ['no word of instances', 'B06', ({ kind }: { kind: string }) => kind === 'instance'],
  ] as const)('%s', (_, id, gone) => {
    const summary = judge(without(makeEvidence(), gone));
    expect(bound(summary, id).status).toBe('INCONCLUSIVE');
    expect(summary.verdict).toBe('INCONCLUSIVE');
  });

  test('a server log that stops half-way', () => {
    const stopped = without(makeEvidence(), (event) => event.kind === 'log' && event.t_us > 30_000_000);
    expect(bound(judge(stopped), 'B05').reason).toContain('ends before the run does');
  });

  test('a server log of which some could not be read', () => {
    const evidence = makeEvidence();
    const detail = '3 lines of the server log could not be read';
    const mark = { t_us: 60_000_000, kind: 'mark', name: 'log_incomplete', detail } as const;
    const gappy = { ...evidence, events: [...evidence.events, mark] };
    expect(bound(judge(gappy), 'B05')).toMatchObject({ status: 'INCONCLUSIVE', reason: detail });
    // Nor does it stand in for links that were not there.
    const unlinked = without(gappy, ({ kind }) => kind === 'link');
    expect(runFacts(unlinked).driven.exact).toBeNull();
  });

  test('nothing failed although overload was declared', () => {
    const summary = judge(makeEvidence({ endAt: () => ({ outcome: 'ok', tookMs: 20 }) }));
    expect(bound(summary, 'B11').status).toBe('INCONCLUSIVE');
    expect(summary.answers.fast_failing).toBe('inconclusive');
  });

  test('without links and log the sessions are only sampled, and the headline says so', () => {
    const sampled = without(makeEvidence(), ({ kind }) => kind === 'link' || kind === 'log');
    const alone = {
      ...sampled,
      events: sampled.events.map((event) => (event.kind === 'sample' ? { ...event, sessions: null } : event)),
    };
    expect(statuses(judge(alone))).toMatchObject({ B01: 'PASS_SAMPLED', B03: 'PASS_SAMPLED' });
  });

  test('observations that were lost or can not be read', () => {
    const evidence = makeEvidence();
    const full = { ...evidence, run: { ...evidence.run, evidence_lost: 'the disk is full' } };
    expect(judge(full)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      headline: expect.stringContaining('the disk is full') as string,
    });
    const damaged = { ...evidence, gaps: ['attempts/3.parquet is cut off'] };
    expect(judge(damaged)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      headline: expect.stringContaining('3.parquet') as string,
    });
    expect(judge({ ...makeEvidence({}, badStory), gaps: ['a line'] }).verdict).toBe('FAIL');
  });

  test('an empty run says so and breaks nothing', () => {
    const { run } = makeEvidence();
    const summary = judge({
      run: { ...run, load_start_us: null },
      attempts: [],
      backends: [],
      events: [],
      gaps: [],
    });
    expect(summary.verdict).toBe('INCONCLUSIVE');
    expect(summary.bounds.filter(({ status }) => status === 'PASS')).toEqual([]);
    expect(summarySchema.parse(summary)).toEqual(summary);
  });
});

describe('a run that did not end by itself', () => {
  test('is INTERRUPTED, and keeps a FAIL that was seen', () => {
    const summary = judge(makeEvidence({ endedHow: 'interrupted', cutAt: 21_000 }, badStory));
    expect(summary.verdict).toBe('INTERRUPTED');
    expect(bound(summary, 'B05')).toMatchObject({ status: 'FAIL' });
    expect(summary.headline).toMatch(/^INTERRUPTED: .*broken up to then/);
  });

  test('is INTERRUPTED when it was killed, with nothing passed', () => {
    const summary = judge(makeEvidence({ endedHow: 'running', cutAt: 21_000 }));
    expect(summary.verdict).toBe('INTERRUPTED');
    expect(summary.bounds.filter(({ status }) => status === 'PASS')).toEqual([]);
  });

  test('is ABORTED when a stop condition was met', () => {
    expect(judge(makeEvidence({ endedHow: 'aborted', cutAt: 21_000 })).verdict).toBe('ABORTED');
  });

  test('is INCONCLUSIVE when the harness failed', () => {
    expect(judge(makeEvidence({ endedHow: 'failed' })).verdict).toBe('INCONCLUSIVE');
  });
});

describe('a service that does not come back', () => {
  test('is called metastable', () => {
    const summary = judge(
      makeEvidence({
        endAt: (ms, arrival) =>
          ms >= 15_000 && arrival % 10 !== 0 ? { outcome: 'shed', tookMs: 5 } : { outcome: 'ok', tookMs: 20 },
      }),
    );
    expect(bound(summary, 'B22')).toMatchObject({ status: 'FAIL', severity: 'hard' });
    expect(bound(summary, 'B22').reason).toMatch(/^METASTABLE/);
  });
});

describe('judging is a function of the evidence alone', () => {
  test('twice the same, to the byte', () => {
    expect(JSON.stringify(judge(makeEvidence({}, badStory)))).toBe(
      JSON.stringify(judge(makeEvidence({}, badStory))),
    );
  });

  test('a later start on the run clock changes no word and no number', () => {
    const timeless = (summary: Summary): unknown =>
      JSON.parse(
        JSON.stringify({ ...summary, phases: [] }, (key, value: unknown) =>
          /_us$/.test(key) ? undefined : value,
        ),
      );
    expect(timeless(judge(makeEvidence({}, badStory, 7777)))).toEqual(
      timeless(judge(makeEvidence({}, badStory))),
    );
  });

  test('the order of what happened at once changes nothing', () => {
    const evidence = makeEvidence();
    const shuffled = { ...evidence, attempts: evidence.attempts.toReversed() };
    expect(judge(shuffled).bounds).toEqual(judge(evidence).bounds);
  });
});
