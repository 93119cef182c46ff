import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../../src/evidence/evidence.ts';
import { judge } from '../../../../src/verdict/judge.ts';
import { summarySchema, type Summary } from '../../../../src/verdict/summary/summary.ts';
import { makeEvidence, type Story } from '../../support/evidence-builder.ts';
import { deployment, firstDeployment, rolloutStory, tightRolloutStory } from '../../support/stories.ts';

function bound(summary: Summary, id: string): Summary['bounds'][number] {
  return summary.bounds.find((one) => one.id === id)!;
}

function rollout(changes: Partial<Story> = {}): Summary {
  return judge(makeEvidence(changes, rolloutStory));
}

function fleet(changes: Partial<Story['fleets'][number]>): Story['fleets'] {
  return [{ ...rolloutStory.fleets[0]!, ...changes }];
}

describe('a rollout in which two fleets fit', () => {
  const summary = rollout();

  test('passes, the steady claim outside of it and the claim of two fleets inside', () => {
    expect(summary.verdict).toBe('PASS');
    expect(bound(summary, 'B01')).toMatchObject({ status: 'PASS', value: 16, limit: 16 });
    expect(bound(summary, 'B02')).toMatchObject({ status: 'PASS', value: 32, limit: 32 });
    expect(bound(summary, 'B02').reason).toMatch(
      /claim in a rollout of 32 .*both revisions held sessions for 11\.8 s/,
    );
    expect(bound(summary, 'B06').reason).toBe('at most 4 of 4 instances alive, 8 of 8 in a rollout');
    expect(summarySchema.parse(summary)).toEqual(summary);
  });

  test('lists what was done, and that the old revision let go', () => {
    expect(summary.changes.map(({ what, state }) => `${what} ${state}`)).toEqual([
      'r2 created',
      'r2 ready',
      'r1 retired',
      'r2 serving',
    ]);
    expect(bound(summary, 'B23')).toMatchObject({ status: 'PASS', value: 0 });
    expect(summary.caveats.find((line) => line.startsWith('not tested'))).not.toContain('rollout');
    expect(summary.exercise.statement).toContain('two revisions held sessions for 11.8 s');
  });

  test('is seen revision by revision', () => {
    expect(summary.backends.services).toMatchObject([
      { service: 'api', revision: null, peak_exact: 32 },
      { service: 'api', revision: 'r1', peak_exact: 16 },
      { service: 'api', revision: 'r2', peak_exact: 16 },
    ]);
  });
});

describe('the same sessions without a rollout', () => {
  test('break the steady claim and the cap on instances', () => {
    const summary = rollout({ happened: firstDeployment });
    expect(bound(summary, 'B01').status).toBe('FAIL');
    expect(bound(summary, 'B02').status).toBe('NOT_APPLICABLE');
    expect(bound(summary, 'B06')).toMatchObject({ status: 'FAIL', value: 8, limit: 4 });
  });
});

describe('a rollout beyond its claims', () => {
  test('breaks the claim of two fleets', () => {
    const most = (ms: number): number => (ms < 18_200 ? 0 : ms < 27_000 ? 24 : 4);
    const summary = rollout({
      fleets: fleet({ sessionsAt: most, instancesAt: (ms) => (ms < 18_000 ? 0 : 4) }),
    });
    expect(bound(summary, 'B02')).toMatchObject({ status: 'FAIL', limit: 32 });
    expect(bound(summary, 'B01').status).toBe('PASS');
  });

  test('breaks the claim of one revision although both together are inside theirs', () => {
    const most = (ms: number): number => (ms < 18_200 ? 0 : ms < 30_000 ? 22 : 4);
    const summary = rollout({
      sessionsAt: (ms) => (ms < 15_000 ? 4 : ms < 18_000 ? 16 : 4),
      fleets: fleet({ sessionsAt: most, instancesAt: (ms) => (ms < 18_000 ? 0 : 4) }),
    });
    expect(bound(summary, 'B02')).toMatchObject({ status: 'FAIL', value: 22, limit: 16 });
    expect(bound(summary, 'B02').reason).toContain('revision r2');
  });

  test('is not excused for ever: what is left when the old instances are gone breaks the steady claim', () => {
    const summary = rollout({
      fleets: fleet({ sessionsAt: (ms) => (ms < 18_200 ? 0 : ms < 45_000 ? 16 : 20) }),
    });
    expect(bound(summary, 'B01')).toMatchObject({ status: 'FAIL', value: 20 });
    expect(bound(summary, 'B02').status).toBe('PASS');
  });

  test('nothing excuses the headroom or a refusal', () => {
    const summary = judge(makeEvidence({}, tightRolloutStory));
    expect(bound(summary, 'B03').status).toBe('FAIL');
    expect(bound(summary, 'B05').status).toBe('FAIL');
    expect(bound(summary, 'B01').status).toBe('PASS');
  });
});

describe('a rollout that fits one fleet and not two', () => {
  const summary = judge(makeEvidence({}, tightRolloutStory));

  test('is called two revisions at once, first of all, with the numbers that would fit', () => {
    expect(summary.verdict).toBe('FAIL');
    expect(summary.diagnosis[0]).toMatchObject({
      id: 'D14',
      title: 'two revisions at once',
      confidence: 'high',
    });
    expect(summary.diagnosis[0]!.lever).toMatch(/max instances from 8 to 4, or pool max from 8 to 4/);
    expect(summary.diagnosis[0]!.lever).toContain('cap the instances of the service as a whole');
    expect(summary.diagnosis[0]!.what_if[0]).toMatchObject({ claim: 32, planned: 94, fits: true });
    expect(summary.diagnosis[0]!.evidence[0]).toMatch(/r1 64, r2 \d/);
  });

  test('is no such thing when the first violation came before it', () => {
    const early = judge(
      makeEvidence({ othersAt: (ms) => (ms >= 16_000 && ms < 17_000 ? 60 : 0) }, tightRolloutStory),
    );
    expect(early.diagnosis.map(({ id }) => id)).not.toContain('D14');
  });
});

describe('a rollout that proves nothing', () => {
  test('because the revisions never held sessions at once', () => {
    const summary = rollout({
      sessionsAt: (ms) => (ms < 15_000 ? 4 : ms < 18_100 ? 16 : 0),
      fleets: fleet({ sessionsAt: (ms) => (ms < 18_200 ? 0 : ms < 25_000 ? 16 : 4) }),
    });
    expect(bound(summary, 'B02').status).toBe('INCONCLUSIVE');
    expect(bound(summary, 'B02').reason).toContain('not exercised');
  });

  test('because only the log counted: whose session is whose is unknown', () => {
    const evidence = makeEvidence({}, rolloutStory);
    const summary = judge({ ...evidence, events: evidence.events.filter(({ kind }) => kind !== 'link') });
    expect(bound(summary, 'B02')).toMatchObject({ status: 'INCONCLUSIVE', value: 32 });
  });

  test('because the new revision never came up: that is no fault of the old one', () => {
    const summary = rollout({
      fleets: [],
      happened: (at) => [
        ...firstDeployment(at),
        { kind: 'revision', t_us: at(18_000), service: 'api', revision: 'r2', state: 'created', reason: '' },
        {
          kind: 'revision',
          t_us: at(20_000),
          service: 'api',
          revision: 'r2',
          state: 'failed',
          reason: 'no start',
        },
      ],
    });
    expect(bound(summary, 'B02').status).toBe('NOT_APPLICABLE');
    expect(summary.verdict).toBe('PASS');
  });
});

describe('a run whose only exercise is the rollout', () => {
  const calm = (evidence: Evidence): Evidence => ({
    ...evidence,
    run: { ...evidence.run, phases: evidence.run.phases.map((phase) => ({ ...phase, stress: false })) },
  });

  test('needs no baseline and no trigger', () => {
    const summary = judge(calm(makeEvidence({ endAt: () => ({ outcome: 'ok', tookMs: 20 }) }, rolloutStory)));
    expect(summary.validity.filter(({ ok }) => !ok)).toEqual([]);
    expect(summary.verdict).toBe('PASS');
    expect(summary.headline).toContain('both revisions held sessions');
  });

  test('is not exercised when it did not happen', () => {
    const summary = judge(
      calm(makeEvidence({ happened: (at) => [...firstDeployment(at), ...deployment(at, 18_000, 19_000)] })),
    );
    expect(summary.validity.find(({ id }) => id === 'V09')?.ok).toBe(false);
    expect(summary.verdict).toBe('INCONCLUSIVE');
  });
});
