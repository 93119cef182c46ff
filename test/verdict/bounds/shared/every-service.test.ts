import { describe, expect, test } from 'vitest';
import { judge } from '../../../../src/verdict/judge.ts';
import { summarySchema, type Summary } from '../../../../src/verdict/summary/summary.ts';
import { makeEvidence, type Story } from '../../support/evidence-builder.ts';
import { greedyWorkerStory, sharedStory } from '../../support/stories.ts';

function bound(summary: Summary, id: string): Summary['bounds'][number] {
  return summary.bounds.find((one) => one.id === id)!;
}

function withWorker(changes: Partial<Story['fleets'][number]>): Summary {
  return judge(makeEvidence({ fleets: [{ ...sharedStory.fleets[0]!, ...changes }] }, sharedStory));
}

describe('two services on one database, each inside its line', () => {
  const summary = judge(makeEvidence({}, sharedStory));

  test('pass, each judged by its own claim and cap', () => {
    expect(summary.verdict).toBe('PASS');
    expect(bound(summary, 'B01').reason).toBe(
      'api: peak 16 of a claim of 16 (every session counted); worker: peak 6 of a claim of 6 (every session counted)',
    );
    expect(bound(summary, 'B06').reason).toBe(
      'api: at most 4 of 4 instances alive; worker: at most 3 of 3 instances alive',
    );
    expect(bound(summary, 'B03').status).toBe('PASS');
  });

  test('are told apart in sessions, instances and budget', () => {
    expect(summary.backends).toMatchObject({ peak_exact: 22 });
    expect(
      summary.backends.services.map(({ service, revision, peak_exact: peak, claim }) => [
        service,
        revision,
        peak,
        claim,
      ]),
    ).toEqual([
      ['api', null, 16, 16],
      ['api', 'r1', 16, 16],
      ['worker', null, 6, 6],
      ['worker', 'r1', 6, 6],
    ]);
    expect(summary.instances.services).toMatchObject([
      { service: 'api', peak: 4, limit: 4 },
      { service: 'worker', peak: 3, limit: 3 },
    ]);
    expect(summary.budget).toMatchObject({
      claim: 22,
      planned: 52,
      services: [
        { service: 'api', claim: 16 },
        { service: 'worker', claim: 6 },
      ],
    });
    expect(summarySchema.parse(summary)).toEqual(summary);
  });

  test('a service that is declared and was never seen is not judged', () => {
    const alone = judge(makeEvidence({ fleets: [] }, sharedStory));
    expect(alone.verdict).toBe('PASS');
    expect(bound(alone, 'B01').reason).toMatch(/^peak 16/);
  });
});

describe('a worker over its line', () => {
  const summary = judge(makeEvidence({}, greedyWorkerStory));

  test('fails the run, and is named', () => {
    expect(summary.verdict).toBe('FAIL');
    expect(bound(summary, 'B01')).toMatchObject({ status: 'FAIL', value: 60, limit: 6 });
    expect(bound(summary, 'B01').reason).toBe('worker: 60 sessions, claim 6, above it for 2 s');
    expect(bound(summary, 'B01').witness?.what).toMatch(/^worker: /);
    expect(bound(summary, 'B03').status).toBe('FAIL');
  });

  test('exonerates the service that load was sent at, in the headline and in the first diagnosis', () => {
    expect(summary.headline).toMatch(
      /^FAIL: api kept its contract \(16 of 16 sessions\) and worker broke its own: claim-steady \(B01\): worker: 60 sessions, claim 6/,
    );
    expect(summary.diagnosis[0]).toMatchObject({ id: 'D23', confidence: 'high' });
    expect(summary.diagnosis[0]!.lever).toContain('worker: it held 60 sessions, its claim is 6 (3 x 1 x 2)');
    expect(summary.diagnosis[0]!.evidence[0]).toBe(
      'api stayed inside its claim of 16: it held 16 sessions at most',
    );
    expect(summary.diagnosis[0]!.what_if[0]).toMatchObject({ planned: 106, fits: false });
  });

  test('invades the headroom with the others together, for however short', () => {
    const spike = withWorker({ sessionsAt: (ms) => (ms >= 18_020 && ms < 18_120 ? 60 : 6) });
    expect(bound(spike, 'B03')).toMatchObject({ status: 'FAIL', value: 21 });
  });

  test('is found although nobody else was hurt', () => {
    const quiet = withWorker({ sessionsAt: (ms) => (ms < 18_000 ? 6 : 9) });
    expect(quiet.bounds.filter(({ status }) => status === 'FAIL').map(({ id }) => id)).toEqual(['B01']);
    expect(quiet.diagnosis[0]).toMatchObject({ id: 'D23' });
  });

  test('excuses nobody who is over the line as well', () => {
    const both = judge(
      makeEvidence({ sessionsAt: (ms) => (ms >= 15_000 && ms < 25_000 ? 32 : 4) }, greedyWorkerStory),
    );
    expect(both.headline).not.toContain('kept its contract');
    expect(both.diagnosis.map(({ id }) => id)).not.toContain('D23');
    expect(bound(both, 'B01').reason).toMatch(/api: 32 sessions.*; worker: 60 sessions/);
  });

  test('over its cap on instances is named too', () => {
    expect(bound(withWorker({ instancesAt: () => 5 }), 'B06')).toMatchObject({
      status: 'FAIL',
      value: 5,
      limit: 3,
    });
  });

  test('that is refused is told apart', () => {
    const evidence = makeEvidence({ refusedAt: [18_500] }, greedyWorkerStory);
    const events = evidence.events.map((event) =>
      event.kind === 'link' && event.what === 'refused' ? { ...event, service: 'worker' } : event,
    );
    expect(bound(judge({ ...evidence, events }), 'B05').reason).toMatch(
      /^1 connections refused with 53300 \(worker 1\):/,
    );
  });
});

test('a neighbour that nobody declared is still a neighbour', () => {
  const summary = judge(
    makeEvidence({ othersAt: (ms) => (ms >= 18_000 && ms < 20_000 ? 60 : 0) }, sharedStory),
  );
  expect(summary.diagnosis[0]).toMatchObject({ id: 'D23' });
  expect(summary.diagnosis[0]!.lever).toContain('reporting');
});
