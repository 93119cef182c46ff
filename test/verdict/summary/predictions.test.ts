import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { judge } from '../../../src/verdict/judge.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { makeEvidence } from '../support/evidence-builder.ts';
import { wakeStory } from '../support/stories.ts';

type Prediction = Evidence['run']['predictions'][number];

function held(prediction: Partial<Prediction>, evidence = makeEvidence()): Summary['predictions'][number] {
  const whole = {
    id: 'refused_rate',
    statement: 'as said',
    phase: 'burst',
    value: 20,
    unit: 'per_sec',
  } as const;
  return judge({ ...evidence, run: { ...evidence.run, predictions: [{ ...whole, ...prediction }] } })
    .predictions[0]!;
}

/** The same run, whose arrivals were drawn at random. */
function drawn(evidence: Evidence): Evidence {
  const phases = evidence.run.phases.map((phase) => ({ ...phase, process: 'poisson' as const }));
  return { ...evidence, run: { ...evidence.run, phases } };
}

describe('a prediction is held against', () => {
  test.each([
    ['the requests that were turned away each second', { id: 'refused_rate', value: 20 }, 20],
    ['the sessions at work, averaged over the samples', { id: 'busy_sessions', value: 16 }, 16],
    ['the most sessions that were counted', { id: 'peak_backends', value: 16 }, 16],
    ['the share that waited for a session in vain', { id: 'acquire_timeout_share', value: 0.1 }, 0],
    ['the median answer', { id: 'success_p50', value: 24 }, 23.9],
  ] as const)('%s', (_, prediction, measured) => {
    const found = held(prediction);
    expect(found.measured).toBe(measured);
    expect(found.predicted).toBe(prediction.value);
  });

  test('nothing where no run can measure it, or where its phase was not gone through', () => {
    const unknown = { measured: null, ratio: null, match: 'not_measured' };
    expect(held({ id: 'retry_vulnerability' })).toMatchObject(unknown);
    expect(held({ phase: 'nowhere' })).toMatchObject(unknown);
    expect(held({}, makeEvidence({ cutAt: 20_000, endedHow: 'interrupted' }))).toMatchObject(unknown);
  });

  test('sessions inside a transaction too, and none that idle in the pool', () => {
    const at = (state: string) => makeEvidence({ stateAt: () => ({ state, ageMs: 1 }) });
    const busy = { id: 'busy_sessions', value: 16, unit: 'sessions' } as const;
    expect(held(busy, at('idle in transaction'))).toMatchObject({ measured: 16, match: 'match' });
    expect(held(busy, at('idle'))).toMatchObject({ measured: 0, ratio: 0, match: 'mismatch' });
  });

  test('the longest wait at the platform where no instance was there, of which more is no mismatch', () => {
    const wait = { id: 'cold_start_wait', phase: 'wake-1', value: 100, unit: 'ms' } as const;
    const woken = makeEvidence({}, wakeStory);
    const waiting = (ms: number): Evidence => ({
      ...woken,
      attempts: woken.attempts.map((one, index) => ({
        ...one,
        receivedUs: index % 2 === 0 ? one.sentUs : one.sentUs + 1000 * ms,
      })),
    });
    expect(held(wait, waiting(100))).toMatchObject({ measured: 100, match: 'match' });
    expect(held(wait, waiting(900))).toMatchObject({ measured: 900, match: 'match' });
    expect(held(wait, waiting(50))).toMatchObject({ measured: 50, match: 'mismatch' });
    expect(held({ ...wait, phase: 'burst' }).match).toBe('not_measured');
  });
});

describe('what counts as a match', () => {
  test('half as much again is not', () => {
    expect(held({ value: 20 }).match).toBe('match');
    expect(held({ value: 200 }).match).toBe('mismatch');
    expect(held({ value: 2 }).match).toBe('mismatch');
  });

  test('arrivals at random widen it by what chance makes of their rate', () => {
    expect(held({ value: 20 }).band).toBeNull();
    // 600 arrivals, 60/s: 1.96 / sqrt(600) of 60 is 4.8.
    expect(held({ value: 20 }, drawn(makeEvidence())).band).toEqual([
      expect.closeTo(15.2, 1),
      expect.closeTo(24.8, 1),
    ]);
    const busy = { id: 'busy_sessions', value: 10 };
    expect(held(busy, drawn(makeEvidence())).band).toEqual([expect.closeTo(9.2, 1), expect.closeTo(10.8, 1)]);
    const share = { id: 'acquire_timeout_share', value: 0.5 };
    expect(held(share, drawn(makeEvidence())).band).toEqual([
      expect.closeTo(0.46, 2),
      expect.closeTo(0.54, 2),
    ]);
    expect(held({ ...share, value: 0.05 }, drawn(makeEvidence())).band).toBeNull();
    expect(held({ value: 1 }, drawn(makeEvidence())).band?.[0]).toBe(0);
  });
});
