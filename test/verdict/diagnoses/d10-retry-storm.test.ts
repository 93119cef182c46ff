import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../../src/evidence/attempt.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import type { RunRecord } from '../../../src/evidence/run-record.ts';
import { retryStorm } from '../../../src/verdict/diagnoses/d10-retry-storm.ts';
import { diagnoses } from '../../../src/verdict/diagnoses/diagnoses.ts';
import type { Finding } from '../../../src/verdict/diagnoses/shared/diagnosis.ts';
import { rank } from '../../../src/verdict/diagnoses/shared/rank.ts';
import { goodStory, makeEvidence, type Story } from '../support/evidence-builder.ts';
import { sceneOf } from '../support/scene.ts';

/** 10 s of stress from 15 s on, as ever; it should be back 14 s after. */
const stressMs = 15_000;
const deadlineMs = 25_000 + 14_000;

/** From the stress on nothing comes back in time, and goes on so until the end unless told otherwise. */
const downStory: Story = {
  ...goodStory,
  phases: [
    { name: 'baseline', startMs: 0, endMs: 15_000, ratePerSec: 20, stress: false },
    { name: 'burst', startMs: 15_000, endMs: 25_000, ratePerSec: 60, stress: true },
    { name: 'recovery', startMs: 25_000, endMs: 65_000, ratePerSec: 20, stress: false },
  ],
  endAt: (ms) =>
    ms >= stressMs ? { outcome: 'client_timeout', tookMs: 1000 } : { outcome: 'ok', tookMs: 20 },
};

/** Each request that failed is made again, a second later each time. */
function retried(evidence: Evidence, attemptsAt: (ms: number) => number): Evidence {
  const startUs = evidence.run.load_start_us ?? 0;
  const attempts = evidence.attempts.flatMap((first): Attempt[] => {
    const most = first.outcome === 'ok' ? 1 : attemptsAt((first.intendedUs - startUs) / 1000);
    return Array.from({ length: most }, (_, index) => {
      const later = (us: number): number => us + index * 1_100_000;
      const endedUs = first.endedUs === null ? null : later(first.endedUs);
      return {
        ...first,
        attempt: index + 1,
        intendedUs: later(first.intendedUs),
        sentUs: later(first.sentUs),
        endedUs,
      };
    });
  });
  return { ...evidence, attempts };
}

function withRun(evidence: Evidence, changes: Partial<RunRecord>): Evidence {
  return { ...evidence, run: { ...evidence.run, ...changes } };
}

const find = (evidence: Evidence): Finding | null => retryStorm.diagnose(sceneOf(evidence));

/** What the plan says of the phase after the trigger: attempts over capacity when all of them fail. */
function planned(value: number): Partial<RunRecord> {
  const statement = 'storm over capacity';
  return {
    predictions: [{ id: 'retry_vulnerability', statement, phase: 'recovery', value, unit: 'ratio' }],
  };
}

const untold = retried(makeEvidence({}, downStory), () => 3);
const storm = withRun(untold, planned(1.2));

describe('D10 a storm of retries', () => {
  test('is what keeps a service down that is asked as often as before, three times for each request', () => {
    expect(sceneOf(storm).results.get('B22')?.status).toBe('FAIL');
    const found = find(storm);
    expect(found).toMatchObject({
      confidence: 'high',
      confirm: expect.stringContaining('retry: none') as string,
    });
    expect(found?.evidence).toEqual([
      'from 14 s after the trigger on: 3 attempts for each request on average; at baseline 1',
      'so 20 requests/s, as at baseline, were 60 attempts/s',
      '100 % of these attempts failed',
      'the plan had said: storm over capacity',
    ]);
    expect(found?.lever).toContain('a retry budget for the clients');
    expect(found?.whatIf.map(({ change }) => change)[0]).toContain('22 attempts/s');
  });

  test('is not said of a service that stays down although nobody tries twice', () => {
    expect(find(makeEvidence({}, downStory))).toBeNull();
  });

  test('is not said of a storm that passes', () => {
    const backStory: Story = {
      ...downStory,
      endAt: (ms) => downStory.endAt(ms < 32_000 ? ms : 0, 0),
    };
    const passing = retried(makeEvidence({}, backStory), () => 3);
    expect(sceneOf(passing).results.get('B22')?.status).toBe('PASS');
    expect(find(passing)).toBeNull();
  });

  test('is not said of retries that succeed', () => {
    const attempts = storm.attempts.map((one) =>
      one.attempt === 2 ? { ...one, outcome: 'ok' as const } : one,
    );
    const served = { ...storm, attempts };
    expect(sceneOf(served).results.get('B22')?.status).not.toBe('FAIL');
    expect(find(served)).toBeNull();
  });

  test('is not said where only the time before the deadline saw retries', () => {
    const dying = retried(makeEvidence({}, downStory), (ms) => (ms < deadlineMs ? 3 : 1));
    expect(sceneOf(dying).results.get('B22')?.status).toBe('FAIL');
    expect(find(dying)).toBeNull();
  });

  test('is not said where the callers themselves ask more than before', () => {
    const [baseline, burst] = downStory.phases;
    const more = { name: 'recovery', startMs: 25_000, endMs: 65_000, ratePerSec: 40, stress: false };
    const busier = makeEvidence({ phases: [baseline!, burst!, more] }, downStory);
    expect(find(retried(busier, () => 3))).toBeNull();
  });

  test('is less sure while a fault is still on, or where clients tried again before', () => {
    const step = {
      id: 'reject',
      at_us: 15e6,
      for_us: 5e6,
      service: 'api',
      fault: { kind: 'platform.reject' },
    };
    const confidence = (chaos: RunRecord['chaos']): string | undefined =>
      find(withRun(storm, chaos === undefined ? {} : { chaos }))?.confidence;
    expect(confidence([step])).toBe('high');
    expect(confidence([{ ...step, for_us: 40e6 }])).toBe('medium');
    expect(confidence([{ ...step, for_us: null }])).toBe('medium');
    expect(confidence([{ ...step, for_us: null, fault: { kind: 'instance.kill' } }])).toBe('high');
    const shaky: Story = {
      ...downStory,
      endAt: (ms, arrival) => downStory.endAt(arrival % 3 === 0 ? stressMs : ms, arrival),
    };
    expect(
      find(
        withRun(
          retried(makeEvidence({}, shaky), () => 3),
          planned(1.2),
        ),
      )?.confidence,
    ).toBe('medium');
  });

  test('is sure only where so many attempts are known to be more than can be served', () => {
    expect(find(storm)?.confidence).toBe('high');
    expect(find(untold)?.confidence).toBe('medium');
    expect(find(withRun(untold, planned(0.9)))?.confidence).toBe('low');
    const able: Story = {
      ...downStory,
      phases: downStory.phases.map((phase) => (phase.stress ? { ...phase, ratePerSec: 200 } : phase)),
      endAt: (ms, arrival) => downStory.endAt(ms < 21_000 ? 0 : ms, arrival),
    };
    expect(
      find(
        withRun(
          retried(makeEvidence({}, able), () => 3),
          planned(1.2),
        ),
      )?.confidence,
    ).toBe('low');
  });

  test('comes before what the platform added, and behind what fills the database', () => {
    const ids = diagnoses.map(({ id }) => id);
    expect(ids.indexOf('D10')).toBeGreaterThan(ids.indexOf('D03'));
    expect(ids.indexOf('D10')).toBeLessThan(ids.indexOf('D25'));
    expect(rank(diagnoses, sceneOf(storm))[0]).toMatchObject({ id: 'D10', confidence: 'high' });
  });
});
