import type { Results } from '../../../src/verdict/bounds/algebra.ts';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { diagnoses } from '../../../src/verdict/diagnoses/diagnoses.ts';
import type { Finding } from '../../../src/verdict/diagnoses/shared/diagnosis.ts';
import { rank } from '../../../src/verdict/diagnoses/rank.ts';
import { badStory, goodStory, makeEvidence } from '../support/evidence-builder.ts';
import { sceneOf } from '../support/scene.ts';

function find(id: string, evidence: Evidence): Finding | null {
  return diagnoses.find((diagnosis) => diagnosis.id === id)!.diagnose(sceneOf(evidence));
}

describe('D02 fleet width', () => {
  test('is not said of a budget that fits, whatever was refused', () => {
    expect(find('D02', makeEvidence({ refusedAt: [17_000] }))).toBeNull();
  });

  test('is less sure where few instances at their caps explain as much', () => {
    const deep = {
      maxInstances: 10,
      poolMax: 30,
      instancesAt: () => 3,
      sessionsAt: (ms: number) => (ms < 15_000 ? 4 : 90),
    };
    expect(find('D02', makeEvidence(deep, badStory))).toMatchObject({ confidence: 'medium' });
    expect(find('D01', makeEvidence(deep, badStory))).toMatchObject({ confidence: 'high' });
  });

  test('goes first where each instance is full and it takes many of them', () => {
    const many = {
      instancesAt: (ms: number) => (ms < 15_000 ? 1 : 6),
      sessionsAt: (ms: number) => (ms < 15_000 ? 4 : 90),
    };
    expect(find('D01', makeEvidence(many, badStory))).toBeNull();
    expect(find('D02', makeEvidence(many, badStory))).toMatchObject({ confidence: 'high' });
  });

  test('goes first where the fleet is both wide and deep', () => {
    const both = {
      maxInstances: 7,
      instancesAt: () => 7,
      sessionsAt: (ms: number) => (ms < 15_000 ? 4 : 97),
    };
    expect(rank(diagnoses, sceneOf(makeEvidence(both, badStory))).map(({ id }) => id)[0]).toBe('D02');
    expect(find('D01', makeEvidence(both, badStory))).toBeNull();
  });
});

describe('D03 waits for ever', () => {
  const waiting = (acquireMs: number): Evidence => {
    const evidence = makeEvidence({ endAt: () => ({ outcome: 'ok', tookMs: 20 }) });
    const attempts = evidence.attempts.map((attempt) => ({ ...attempt, acquireUs: 1000 * acquireMs }));
    return { ...evidence, attempts };
  };
  test('is measured where the service tells its waits', () => {
    expect(find('D03', waiting(1100))).toBeNull();
    expect(find('D03', waiting(1500))).toMatchObject({ confidence: 'medium' });
    expect(find('D03', waiting(5000))).toMatchObject({
      confidence: 'high',
      lever: expect.stringContaining('1 s') as string,
    });
  });
});

test('D03 is not said where many fail: the overload is not hidden then', () => {
  const evidence = makeEvidence();
  const attempts = evidence.attempts.map((attempt) => ({ ...attempt, acquireUs: 5_000_000 }));
  expect(find('D03', { ...evidence, attempts })).toBeNull();
});

describe('D03 where the service tells nothing', () => {
  const waited = { status: 'FAIL', reason: '9 of 900 requests waited', witness: null } as const;
  const inferred = (busy: number) => {
    const story = { stateAt: () => ({ state: 'active', ageMs: 100 }), sessionsAt: () => busy };
    const evidence = makeEvidence({ ...story, endAt: () => ({ outcome: 'ok', tookMs: 3000 }) });
    const scene = sceneOf({
      ...evidence,
      attempts: evidence.attempts.map((attempt) => ({ ...attempt, acquireUs: null })),
    });
    const results: Results = new Map([
      ...scene.results,
      ['B09' as const, { ...scene.results.get('B09')!, ...waited }],
    ]);
    return diagnoses.find(({ id }) => id === 'D03')!.diagnose({ ...scene, results });
  };

  test('is inferred from B09 while the claim is at work, and not while the sessions idle', () => {
    expect(inferred(20)).toMatchObject({ confidence: 'medium' });
    expect(inferred(20)?.evidence[0]).toContain('9 of 900 requests waited');
    expect(inferred(4)).toBeNull();
  });
});

describe('D14 an old revision that does not let go', () => {
  const holding = { fromUs: 1, toUs: 1, what: 'old-1 still held 4 sessions' };
  const find14 = (status: 'FAIL' | 'PASS') => {
    const scene = sceneOf(makeEvidence());
    const drain = { ...scene.results.get('B23')!, status, witness: holding };
    return diagnoses
      .find(({ id }) => id === 'D14')!
      .diagnose({ ...scene, results: new Map([...scene.results, ['B23', drain]]) });
  };

  test('is told to close its pool on SIGTERM', () => {
    expect(find14('PASS')).toBeNull();
    expect(find14('FAIL')).toMatchObject({ lever: expect.stringContaining('SIGTERM') as string });
    expect(find14('FAIL')?.evidence[0]).toBe(holding.what);
  });
});

describe('D04 slow statements', () => {
  const active = (ms: number): { state: string; ageMs: number } => ({
    state: 'active',
    ageMs: ms < 15_000 ? 20 : 1500,
  });
  test('need sessions that are at work longer, not only more of them', () => {
    expect(find('D04', makeEvidence({ stateAt: active }, badStory))).toMatchObject({ confidence: 'medium' });
    expect(
      find('D04', makeEvidence({ stateAt: () => ({ state: 'active', ageMs: 20 }) }, badStory)),
    ).toBeNull();
    expect(find('D04', makeEvidence({}, badStory))).toBeNull();
  });
});

describe('D05 a pool for each process', () => {
  test('is not said of a replacement, however often it happens', () => {
    const replaced = {
      sessionsAt: (ms: number) => (ms >= 15_000 && ms < 25_000 ? (ms % 1000 < 200 ? 20 : 16) : 4),
    };
    expect(find('D05', makeEvidence(replaced))).toBeNull();
    expect(find('D05', makeEvidence({ sessionsAt: (ms) => (ms >= 15_000 ? 32 : 4) }))).toMatchObject({
      confidence: 'high',
    });
  });
});

describe('D06 idle in transaction', () => {
  test('needs an age beyond the acquire timeout', () => {
    const idle = (ageMs: number): Finding | null =>
      find('D06', makeEvidence({ stateAt: () => ({ state: 'idle in transaction', ageMs }) }));
    expect(idle(1000)).toBeNull();
    expect(idle(1001)).toMatchObject({ confidence: 'medium' });
  });
});

describe('D22 wake-up', () => {
  const asleep = {
    instancesAt: (ms: number) => (ms < 0 ? 0 : 4),
    sessionsAt: (ms: number) => (ms < 0 ? 0 : 4),
    endAt: (ms: number) =>
      ms < 5000 ? ({ outcome: 'platform', tookMs: 2000 } as const) : ({ outcome: 'ok', tookMs: 20 } as const),
  };
  test('needs a load that met no instance', () => {
    expect(find('D22', makeEvidence(asleep))).toMatchObject({ confidence: 'medium' });
    expect(find('D22', makeEvidence({ ...asleep, instancesAt: () => 4 }))).toBeNull();
  });
});

describe('D25 the platform is the queue', () => {
  const turnedAway = {
    endAt: (ms: number, arrival: number) => ({
      ...goodStory.endAt(ms, arrival),
      ...(ms > 15_000 && ms < 25_000 && arrival % 3 === 0 ? { outcome: 'platform' as const } : {}),
    }),
  };
  test('needs failures of the platform and none of the pool', () => {
    expect(find('D25', makeEvidence(turnedAway))).toMatchObject({ confidence: 'low' });
    expect(find('D25', makeEvidence())).toBeNull();
  });
});

describe('the ranking', () => {
  test('is sure of nothing where nothing was broken', () => {
    const odd = makeEvidence({ stateAt: () => ({ state: 'idle in transaction', ageMs: 5000 }) });
    const scene = { ...sceneOf(odd), results: new Map() satisfies Results };
    expect(rank(diagnoses, scene).map(({ id, confidence }) => [id, confidence])).toEqual([['D06', 'low']]);
  });

  test('puts the most confident first', () => {
    const ranked = rank(diagnoses, sceneOf(makeEvidence({}, badStory))).map(({ confidence }) => confidence);
    expect(ranked).toEqual(
      ranked.toSorted((a, b) => ['high', 'medium', 'low'].indexOf(a) - ['high', 'medium', 'low'].indexOf(b)),
    );
  });
});
