import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import type { RunEvent } from '../../../src/evidence/event.ts';
import type { RunRecord } from '../../../src/evidence/run-record.ts';
import { churn } from '../../../src/verdict/bounds/b08-churn.ts';
import { headroom } from '../../../src/verdict/bounds/b03-headroom.ts';
import { retryAmplification } from '../../../src/verdict/bounds/b21-retry-amplification.ts';
import { unattributed } from '../../../src/verdict/bounds/b26-unattributed.ts';
import { refusalsByService, type Refusal } from '../../../src/verdict/facts/sessions/refusal.ts';
import { runFacts } from '../../../src/verdict/facts/run-facts.ts';
import { clientPolicy } from '../../../src/verdict/guards/v11-client-policy.ts';
import { goodStory, makeEvidence } from '../support/evidence-builder.ts';

/** Load begins here on the run's clock. */
const startUs = 3_000_000;
const at = (ms: number): number => startUs + 1000 * ms;
const whose = { service: 'api', revision: 'r1', instance: 'i1' } as const;

function link(
  ms: number,
  what: 'session' | 'refused' | 'attempt',
  port: number,
  role = 'api_role',
): RunEvent {
  return { kind: 'link', t_us: at(ms), ...whose, port, what, role };
}

function withEvents(evidence: Evidence, more: readonly RunEvent[], run: Partial<RunRecord> = {}): Evidence {
  const events = [...evidence.events, ...more].sort((a, b) => a.t_us - b.t_us);
  return { ...evidence, events, run: { ...evidence.run, ...run } };
}

describe('B08 logins after the server was away', () => {
  /** A restart 20 s into load, seen again half a second later; then logins, each so many milliseconds after the last. */
  const restarted = (
    count: number,
    everyMs: number,
    what: 'session' | 'refused' | 'attempt',
    fromMs = 20_600,
  ) => {
    const fault = { kind: 'fault', id: 'one', fault: 'db.restart', service: 'api', detail: '' } as const;
    const logins = Array.from({ length: count }, (_, n) => link(fromMs + everyMs * n, what, 60_000 + n));
    const evidence = withEvents(
      makeEvidence(),
      [
        { ...fault, t_us: at(20_000), state: 'started' },
        { ...fault, t_us: at(20_500), state: 'confirmed' },
        ...logins,
      ],
      {
        chaos: [
          {
            id: 'one',
            at_us: 20_000_000,
            for_us: null,
            service: 'api',
            fault: { kind: 'db.restart', mode: 'fast' },
          },
        ] as unknown as NonNullable<RunRecord['chaos']>,
      },
    );
    const run = runFacts(evidence);
    return churn.judge(run);
  };

  test('are a storm where more than the claim come within a second, refused ones too', () => {
    for (const what of ['session', 'refused'] as const) {
      const judged = restarted(17, 20, what);
      expect(judged).toMatchObject({ status: 'FAIL', severity: 'hard' });
      expect(judged.witness?.what).toBe('17 logins within a second after the server came back, claim 16');
      expect(judged.witness?.fromUs).toBe(at(20_600));
    }
  });

  test('are none where they are spread, never got that far, or came when it had long been back', () => {
    const storm = /logins within a second/;
    expect(restarted(17, 100, 'refused').witness?.what ?? '').not.toMatch(storm);
    expect(restarted(17, 20, 'attempt').witness?.what ?? '').not.toMatch(storm);
    expect(restarted(17, 20, 'refused', 45_000).witness?.what ?? '').not.toMatch(storm);
  });

  test('a fault on the database lets the pools fill once more, when it has begun and not when it ends', () => {
    const opened = (states: readonly ('started' | 'undone')[]) => {
      const evidence = withEvents(
        // 52 sessions opened, where two rises and four instances explain 48 with the claim, and a fill of 16 more 80.
        makeEvidence({ sessionsAt: (ms) => (Math.floor(ms / 500) % 2 === 0 ? 18 : 12) }),
        states.map((state) => ({
          kind: 'fault',
          id: 'x',
          t_us: at(20_000),
          fault: 'db.latency',
          service: 'api',
          state,
          detail: '',
        })),
      );
      const run = runFacts(evidence);
      const [, expected] = /opened, (\d+) expected/.exec(churn.judge(run).reason) ?? [];
      return Number(expected);
    };
    expect(opened(['started']) - opened([])).toBe(16);
    expect(opened(['undone']) - opened([])).toBe(0);
  });
});

describe('V11 retries within the budgets', () => {
  const [template] = makeEvidence().attempts;
  /** Nine requests that succeed at once, and one that takes `count` tries. */
  const checked = (budget: RunRecord['client']['policy']['budget'], count: number) => {
    const evidence = makeEvidence();
    const retries = Array.from({ length: count }, (_, n) => ({
      ...template!,
      arrival: 9,
      attempt: n + 1,
      intendedUs: at(1000 * n),
      sentUs: at(1000 * n),
      endedUs: at(1000 * n + 10),
      status: 503,
      outcome: 'shed' as const,
    }));
    const first = Array.from({ length: 9 }, (_, arrival) => ({
      ...template!,
      arrival,
      attempt: 1,
      status: 200,
    }));
    const policy = {
      ...evidence.run.client.policy,
      maxAttempts: 20,
      backoff: { initialMs: 60_000, maxMs: 60_000, multiplier: 1, jitter: 'full' as const },
      budget,
    };
    const run = runFacts({
      ...evidence,
      attempts: [...first, ...retries],
      run: { ...evidence.run, client: { ...evidence.run.client, clients: 2, policy } },
    });
    return clientPolicy.check(run);
  };

  test('a share of the requests, and a few a second for each client', () => {
    // 0.2 x 10 requests + 2 clients x 0.01 x (56 s + 10 s) = 3.32
    const ratio = { kind: 'ratio', ratio: 0.2, minRetriesPerSec: 0.01, ttlMs: 10_000 } as const;
    expect(checked(ratio, 4)).toMatchObject({ ok: true });
    expect(checked(ratio, 5).reason).toMatch(/4 retries/);
    expect(checked(ratio, 5).ok).toBe(false);
  });

  test('tokens at the start and for every success, spent on retries', () => {
    // (2 clients x 5 + 9 successes x 2) / 5 = 5.6
    const bucket = {
      kind: 'quota',
      initialTokens: 5,
      retryCost: 5,
      timeoutRetryCost: 10,
      successRefill: 2,
    } as const;
    expect(checked(bucket, 6)).toMatchObject({ ok: true });
    expect(checked(bucket, 7).ok).toBe(false);
  });
});

describe('B26 strangers', () => {
  const judged = (role: string | null, isLinked: boolean) => {
    const evidence = makeEvidence({ othersAt: () => 40 });
    const run = runFacts({
      ...evidence,
      backends: evidence.backends.map((row) => (row.service === null ? { ...row, role } : row)),
      events: isLinked ? [...evidence.events, link(54_000, 'session', 70_000, 'stranger')] : evidence.events,
    });
    return unattributed.judge(run);
  };

  test('are the service’s own where its links saw their role, and somebody’s where they did not', () => {
    expect(judged('stranger', true).reason).toMatch(/40 .* through the service's links/);
    expect(judged('stranger', false).reason).not.toMatch(
      /through the service's links as a role that nobody declared, limit/,
    );
    expect(judged(null, true).reason).toMatch(/40 .*belong to no declared service/);
  });
});

describe('B03 sessions that still authenticate', () => {
  /** All that is not headroom is taken, and one more session authenticates; a canary takes so long for its login. */
  const judged = (starting: number, canaryMs: number) => {
    const evidence = makeEvidence({
      maxInstances: 20,
      sessionsAt: (ms) => (ms >= 15_000 && ms < 25_000 ? 67 : 4),
      instancesAt: () => 17,
      canaryAt: () => ({ ok: true, tookMs: canaryMs }),
    });
    const run = runFacts({
      ...evidence,
      events: evidence.events
        .filter(({ kind }) => kind !== 'link')
        .map((event) => (event.kind === 'sample' ? { ...event, starting } : event)),
    });
    return headroom.judge(run, run.driven);
  };

  test('take slots, unless they may be our own canaries', () => {
    expect(judged(0, 8).status).not.toBe('FAIL');
    expect(judged(1, 8)).toMatchObject({ status: 'FAIL' });
    // One is at work all the time, so it may be its session.
    expect(judged(1, 1000).status).not.toBe('FAIL');
  });
});

describe('B21 connections', () => {
  test('without any there is no amplification, and nothing is made of a phase that never was', () => {
    const evidence = makeEvidence({ ...goodStory, cutAt: 14_000 });
    const work: RunEvent[] = Array.from({ length: 12 }, (_, second) => ({
      kind: 'work',
      t_us: at(1000 * (second + 1)),
      ...whose,
      from_us: at(1000 * second),
      transactions: 20,
    }));
    const run = runFacts(withEvents(evidence, work));
    expect(retryAmplification.judge(run, run.driven).reason).not.toMatch(/burst/);
  });
});

describe('whose connections were refused', () => {
  const refusal = (source: Refusal['source'], service: string | null): Refusal => ({
    tUs: 1,
    source,
    service,
    kind: 'slots_gone',
  });

  test('the links tell, and where there are none the responses', () => {
    const linked = [refusal('link', 'worker'), refusal('response', 'api'), refusal('link', 'worker')];
    expect(refusalsByService(linked)).toEqual([{ service: 'worker', count: 2 }]);
    const unlinked = [refusal('response', 'api'), refusal('log', null), refusal('response', 'api')];
    expect(refusalsByService(unlinked)).toEqual([{ service: 'api', count: 2 }]);
  });
});
