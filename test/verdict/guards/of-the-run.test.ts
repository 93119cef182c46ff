import { describe, expect, test } from 'vitest';
import { decideRetry, firstTry, type RetryState } from '../../../src/load/retry/decide-retry.ts';
import { makeRandom } from '../../../src/base/random.ts';
import type { Attempt } from '../../../src/evidence/attempt.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { backoffsOf } from '../../../src/verdict/facts/requests/client-policy.ts';
import { clockSkew } from '../../../src/verdict/facts/requests/clock-skew.ts';
import { checkClock } from '../../../src/verdict/guards/v05-clock.ts';
import { checkSettings, type SettingsReading } from '../../../src/verdict/guards/v06-settings.ts';
import { checkPolicy, type PolicyInput } from '../../../src/verdict/guards/v11-client-policy.ts';
import { checkFaults } from '../../../src/verdict/guards/v12-faults-confirmed.ts';
import { checkClientErrors } from '../../../src/verdict/guards/v13-client-errors.ts';
import { checkMachine } from '../../../src/verdict/guards/v14-quiet-machine.ts';
import { checkGaps } from '../../../src/verdict/guards/v15-certainty-gap.ts';
import { judge } from '../../../src/verdict/judge.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { makeEvidence } from '../support/evidence-builder.ts';

type Policy = NonNullable<Evidence['run']['client']['policy']>;

const guardOf = (summary: Summary, id: string) => summary.validity.find((one) => one.id === id)!;

describe('V05 clock', () => {
  const samples = (driftPerSec: number, rttUs = 400) =>
    Array.from({ length: 600 }, (_, index) => {
      const tUs = index * 100_000;
      return { tUs, ok: true, rttUs, serverUs: tUs + 7_000_000 + Math.round(driftPerSec * index * 0.1) };
    });
  const clock = { offset_us: 7_000_000, error_us: 200 };

  test('five seconds off are no matter once they are known', () => {
    const skew = clockSkew(samples(0), clock);
    expect(skew).toMatchObject({ skewMs: 50, driftMs: 0 });
    expect(checkClock({ skew, acquireMs: 1000 }).ok).toBe(true);
  });

  test('a clock that runs away in the run is', () => {
    const skew = clockSkew(samples(10_000), clock)!;
    expect(skew.driftMs).toBeGreaterThan(450);
    expect(checkClock({ skew, acquireMs: 1000 }).ok).toBe(false);
    expect(checkClock({ skew: null, acquireMs: 1000 }).ok).toBe(false);
  });
});

describe('V06 settings', () => {
  const reading = (change: Partial<SettingsReading> = {}): SettingsReading => ({
    tUs: 1,
    startedUs: 77,
    settings: { max_connections: '100', statement_timeout: '0' },
    roles: { api: { connection_limit: -1, settings: [] } },
    ...change,
  });
  const checked = (second: SettingsReading | null, faults: readonly string[] = []) =>
    checkSettings({
      readings: second === null ? [reading()] : [reading(), second],
      failed: 0,
      faults: new Set(faults),
      strangers: [],
    });

  test('that stayed are fine; read once only, nobody knows; read never, it is said', () => {
    expect(checked(reading()).ok).toBe(true);
    expect(checked(null).ok).toBe(false);
    expect(checkSettings({ readings: [], failed: 0, faults: new Set(), strangers: [] })).toMatchObject({
      ok: true,
      value: null,
    });
  });

  test.each([
    [
      'a setting',
      reading({ settings: { max_connections: '200', statement_timeout: '0' } }),
      'db.max_connections',
    ],
    ['a role', reading({ roles: { api: { connection_limit: 5, settings: [] } } }), 'db.role_limit'],
    ['a start', reading({ startedUs: 78 }), 'db.restart'],
  ])('%s that changed breaks it, unless the scenario did it', (_, second, fault) => {
    expect(checked(second).ok).toBe(false);
    expect(checked(second, [fault]).ok).toBe(true);
    expect(checked(second, ['db.latency']).ok).toBe(false);
  });

  test('broken, nothing passes', () => {
    const evidence = makeEvidence({
      happened: (at) =>
        ['100', '200'].map((max, index) => ({
          kind: 'settings' as const,
          t_us: at(1000 + 50_000 * index),
          ok: true,
          server_started_us: 1,
          settings: { max_connections: max },
          roles: {},
        })),
    });
    const summary = judge(evidence);
    expect(summary.verdict).toBe('INCONCLUSIVE');
    expect(guardOf(summary, 'V06').reason).toContain('max_connections from 100 to 200');
  });
});

describe('V11 client-policy', () => {
  const policy = (change: Partial<Policy> = {}): Policy => ({
    name: 'custom',
    maxAttempts: 4,
    backoff: { initialMs: 100, maxMs: 5000, multiplier: 2, jitter: 'full' },
    throttledInitialMs: null,
    retryOn: { statuses: [503], connect: true, timeout: true },
    retryAfter: 'ignore',
    budget: null,
    layers: 1,
    ...change,
  });
  const [template] = makeEvidence().attempts;

  /** What the load engine's own rules make of requests that always fail. */
  function chains(declared: Policy, count: number): readonly (readonly Attempt[])[] {
    const random = makeRandom(9, 'policy');
    return Array.from({ length: count }, (_, arrival) => {
      const all: Attempt[] = [];
      let state: RetryState = firstTry(declared);
      let intendedUs = arrival * 1_000_000;
      for (;;) {
        const endedUs = intendedUs + 10_000;
        all.push({
          ...template!,
          arrival,
          attempt: all.length + 1,
          intendedUs,
          sentUs: intendedUs,
          endedUs,
          status: 503,
          outcome: 'shed',
          retryAfterMs: 300,
        });
        const setting = {
          policy: declared,
          budget: null,
          deadlineUs: arrival * 1_000_000 + 20_000_000,
          draw: random(),
        };
        const next = decideRetry(
          state,
          { how: 'answered', status: 503, retryAfterMs: 300, endedUs },
          setting,
        );
        if (next.kind === 'give_up') return all;
        state = next.state;
        intendedUs = next.atUs;
      }
    });
  }
  function checked(declared: Policy, asDeclared: Policy = declared, change: Partial<PolicyInput> = {}) {
    const all = chains(declared, 150);
    return checkPolicy({
      backoffs: all.flatMap((chain) => backoffsOf(chain, asDeclared, 20_000)),
      mostAttempts: Math.max(...all.map(({ length }) => length)),
      allowedAttempts: asDeclared.maxAttempts ** asDeclared.layers,
      retries: all.reduce((sum, { length }) => sum + length - 1, 0),
      allowedRetries: null,
      ...change,
    });
  }

  test.each(['none', 'full', 'equal', 'decorrelated'] as const)('the engine keeps to jitter %s', (jitter) => {
    const declared = policy({ backoff: { initialMs: 100, maxMs: 5000, multiplier: 3, jitter } });
    expect(checked(declared)).toMatchObject({ ok: true });
  });

  test.each(['minimum', 'exact'] as const)('and to Retry-After as %s', (retryAfter) => {
    expect(checked(policy({ retryAfter }))).toMatchObject({ ok: true });
  });

  test('and to retries within retries', () => {
    expect(checked(policy({ layers: 2, maxAttempts: 3 }))).toMatchObject({ ok: true, value: 9 });
  });

  test.each([
    ['more attempts than allowed', policy(), policy({ maxAttempts: 3 })],
    ['backoffs that are too long', policy(), policy({ backoff: { ...policy().backoff, initialMs: 20 } })],
    [
      'another law within the same range',
      policy(),
      policy({ backoff: { ...policy().backoff, jitter: 'equal' } }),
    ],
    ['Retry-After not waited for', policy(), policy({ retryAfter: 'minimum' })],
  ])('%s are a defect of the harness', (_, does, says) => {
    const { ok, reason } = checked(does, says);
    expect(ok).toBe(false);
    expect(reason).toContain('a defect of the harness');
  });

  test('draws that are not spread as the law says are one too', () => {
    const halved = chains(policy(), 150)
      .flatMap((chain) => backoffsOf(chain, policy(), 20_000))
      .map((one) => ({ ...one, place: one.place === null ? null : one.place / 2 }));
    const input = { mostAttempts: 4, allowedAttempts: 4, retries: 450, allowedRetries: null };
    expect(checkPolicy({ ...input, backoffs: halved }).reason).toContain('not spread');
  });

  test('more retries than the budgets give are one', () => {
    expect(checked(policy(), policy(), { allowedRetries: 400 }).ok).toBe(false);
    expect(checked(policy(), policy(), { allowedRetries: 450 }).ok).toBe(true);
  });
});

describe('V12 faults-confirmed', () => {
  const due = [{ id: 'chaos[0]', fault: 'db.restart' }];
  const told = (...states: ('started' | 'confirmed' | 'failed' | 'undone')[]) =>
    states.map((state) => ({ id: 'chaos[0]', state, detail: 'the reason' }));

  test.each([
    ['seen', told('started', 'confirmed', 'undone'), true, 'confirmed'],
    ['not seen', told('started', 'undone'), false, 'nothing showed'],
    ['failed', told('failed'), false, 'the reason'],
    ['never begun', [], false, 'never begun'],
  ] as const)('a fault that was %s', (_, events, ok, words) => {
    const checked = checkFaults({ due, told: events });
    expect(checked.ok).toBe(ok);
    expect(checked.reason).toContain(words);
  });

  test('what nobody can see from outside is enough to have been begun, and is named', () => {
    const command = [{ id: 'c1', fault: 'exec' }];
    const begun = { id: 'c1', state: 'started', detail: '' } as const;
    expect(checkFaults({ due: command, told: [begun] })).toMatchObject({ ok: true });
    expect(checkFaults({ due: command, told: [begun] }).reason).toContain("exec (c1) can't be seen");
    expect(checkFaults({ due: command, told: [] }).ok).toBe(false);
  });

  test('nothing to inflict is nothing to confirm', () => {
    expect(checkFaults({ due: [], told: [] }).ok).toBe(true);
  });
});

test.each([
  [1000, 1, true],
  [1000, 2, false],
  [0, 0, true],
] as const)('V13: of %i attempts %i wrong ones', (sent, errors, ok) => {
  expect(checkClientErrors({ sent, errors, example: 'read with status 404' }).ok).toBe(ok);
});

describe('V14 quiet-machine', () => {
  const phases = (steal: number | null) => [{ name: 'burst', steal }];

  test.each([
    [0.05, 0.02, true],
    [0.08, 0.02, false],
    [0.3, 0.28, true],
    [null, null, true],
  ] as const)('steal %s, at baseline %s', (steal, baseline, ok) => {
    expect(checkMachine({ phases: phases(steal), baseline }).ok).toBe(ok);
  });

  test('is read from what the machine told in each phase', () => {
    const stolen = (ms: number): number => (ms >= 15_000 && ms < 25_000 ? 0.4 : 0.01);
    const evidence = makeEvidence({
      happened: (at) =>
        Array.from({ length: 55 }, (_, index) => ({
          kind: 'machine' as const,
          t_us: at(1000 * index + 1000),
          from_us: at(1000 * index),
          cpus: 2,
          busy: 0.5,
          steal: stolen(1000 * index),
        })),
    });
    const summary = judge(evidence);
    expect(guardOf(summary, 'V14')).toMatchObject({ ok: false });
    expect(summary.bounds.find(({ id }) => id === 'B20')?.status).toBe('INCONCLUSIVE');
    expect(summary.verdict).toBe('PASS');
  });
});

describe('V15 certainty-gap', () => {
  const uppers = (over: number, unseen: number) =>
    Array.from({ length: 1000 }, (_, index) => ({
      fromUs: index,
      toUs: index + 1,
      high: index < over ? 21 : 20,
      unseen,
    }));

  test.each([
    ['counted exactly', true, uppers(500, 1), true],
    ['1 % of gaps unseen and over', false, uppers(10, 1), true],
    ['more than 1 %', false, uppers(11, 1), false],
    ['over, and nobody came unseen', false, uppers(500, 0), true],
    ['nothing bounds them', false, [], true],
  ] as const)('%s', (_, exact, all, ok) => {
    expect(checkGaps({ exact, uppers: all, claim: 20 }).ok).toBe(ok);
  });
});
