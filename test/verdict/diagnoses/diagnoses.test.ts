import { describe, expect, test } from 'vitest';
import type { Results } from '../../../src/verdict/bounds/algebra.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { diagnoses } from '../../../src/verdict/diagnoses/diagnoses.ts';
import type { Finding } from '../../../src/verdict/diagnoses/shared/diagnosis.ts';
import { rank } from '../../../src/verdict/diagnoses/shared/rank.ts';
import { badStory, goodStory, makeEvidence, type Story } from '../support/evidence-builder.ts';
import { sceneOf } from '../support/scene.ts';

const isBurst = (ms: number): boolean => ms >= 15_000 && ms < 25_000;

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

describe('D03 where the service tells nothing', () => {
  /** Full pools at work; under stress an attempt lasts three seconds, and ends so. */
  const slow = (outcome: 'ok' | 'client_timeout' | 'pool_timeout', sessions = 16): Evidence => {
    const evidence = makeEvidence({
      containerConcurrency: 80,
      sessionsAt: (ms) => (isBurst(ms) ? sessions : 4),
      endAt: (ms) => (isBurst(ms) ? { outcome, tookMs: 3000 } : { outcome: 'ok', tookMs: 200 }),
    });
    const attempts = evidence.attempts.map((attempt) => ({ ...attempt, acquireUs: null }));
    return { ...evidence, attempts };
  };

  test('is inferred from the accounts, whether the requests succeed or their callers give up', () => {
    expect(find('D03', slow('ok'))).toMatchObject({ confidence: 'high' });
    expect(find('D03', slow('ok'))?.evidence[0]).toMatch(
      /^69 % of the time .* waiting for a session; 600 of 1500 .* 0 of them ended in an acquire timeout/,
    );
    expect(find('D03', slow('client_timeout'))).toMatchObject({ confidence: 'high' });
  });

  test('is not said where the waits end in acquire timeouts, or where the pools had room', () => {
    expect(find('D03', slow('pool_timeout'))).toBeNull();
    expect(find('D03', slow('ok', 8))).toBeNull();
  });
});

describe('D27 sessions that are held idle', () => {
  const idle = (took: (ms: number, arrival: number) => number): Evidence => {
    const evidence = makeEvidence({
      stateAt: (ms) => ({ state: isBurst(ms) ? 'idle' : 'active', ageMs: 10 }),
      endAt: (ms, arrival) => ({ outcome: 'ok', tookMs: isBurst(ms) ? took(ms, arrival) : 200 }),
    });
    return { ...evidence, attempts: evidence.attempts.map((one) => ({ ...one, acquireUs: null })) };
  };

  test('are told from a pool that is too large by the requests that wait beside them', () => {
    expect(
      find(
        'D27',
        idle(() => 3000),
      ),
    ).toMatchObject({ confidence: 'high' });
    expect(
      find(
        'D24',
        idle(() => 3000),
      ),
    ).toBeNull();
  });

  test('are not those of a pool whose next requests are served at once: they wait for something else', () => {
    expect(
      find(
        'D27',
        idle((_, arrival) => (arrival % 2 === 0 ? 3000 : 200)),
      ),
    ).toBeNull();
    expect(
      find(
        'D27',
        idle(() => 200),
      ),
    ).toBeNull();
  });
});

describe('D28 sessions beside the pool', () => {
  const each = (sessions: number): Evidence =>
    makeEvidence({ sessionsAt: (ms) => sessions * (isBurst(ms) ? 4 : 1) });

  test('are those above it that were there before the first request', () => {
    expect(find('D28', each(6))).toMatchObject({
      confidence: 'medium',
      lever: expect.stringContaining('2 sessions an instance beside its pool of 4') as string,
    });
    expect(find('D05', each(6))).toBeNull();
  });

  test('are not a whole pool more, which another process would have, nor what the pool may hold', () => {
    expect(find('D28', each(8))).toBeNull();
    expect(find('D05', each(8))).toMatchObject({ confidence: 'high' });
    expect(find('D28', each(4))).toBeNull();
  });
});

describe('D29 a pool tighter than the budget', () => {
  const tight = (story: Partial<Story> = {}): Evidence =>
    makeEvidence({
      endAt: (ms, arrival) => {
        if (!isBurst(ms)) return { outcome: 'ok', tookMs: 200 };
        return arrival % 2 === 0 ? { outcome: 'unknown', tookMs: 1005 } : { outcome: 'ok', tookMs: 900 };
      },
      ...story,
    });

  test('may be larger, up to what the budget has room for', () => {
    const found = find('D29', tight());
    expect(found).toMatchObject({
      confidence: 'medium',
      lever: expect.stringMatching(/from 4 to 14: the budget has room for 16/) as string,
    });
    expect(found?.whatIf.at(-1)).toMatchObject({ fits: true });
  });

  test('is not the trouble where slots were refused, statements grew, or sessions are held', () => {
    expect(find('D29', tight({ refusedAt: [16_000] }))).toBeNull();
    expect(
      find('D29', tight({ stateAt: (ms) => ({ state: isBurst(ms) ? 'idle' : 'active', ageMs: 10 }) })),
    ).toBeNull();
    expect(
      find('D29', tight({ sessionsAt: (ms) => (isBurst(ms) ? 16 : 1), instancesAt: () => 4 })),
    ).toBeNull();
  });

  test('nor where nothing was broken', () => {
    expect(find('D29', makeEvidence())).toBeNull();
  });
});

describe('D13 instances that a health check ends under load', () => {
  const killed = (reason: string, tookMs: number): Evidence =>
    makeEvidence({
      endAt: (ms) => ({ outcome: 'ok', tookMs: isBurst(ms) ? tookMs : 200 }),
      happened: (at) => [
        {
          kind: 'instance',
          t_us: at(20_000),
          service: 'api',
          revision: 'r1',
          instance: 'i1',
          state: 'failed',
          reason,
        },
      ],
    });

  test('are named, where requests waited for the sessions that it needs too', () => {
    expect(find('D13', killed('LIVENESS_FAILED', 3000))?.evidence[0]).toContain('failed liveness check');
    expect(find('D13', killed('LIVENESS_FAILED', 200))).toBeNull();
    expect(find('D13', killed('SHUTDOWN', 3000))).toBeNull();
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
