import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../src/base/random.ts';
import type { Attempt } from '../../src/evidence/attempt.ts';
import type { RunEvent } from '../../src/evidence/event.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import type { BoundResult } from '../../src/verdict/bounds/shared/bound.ts';
import { judgeFailures } from '../../src/verdict/bounds/b11-failures-fast.ts';
import { judgeIdleInTransaction } from '../../src/verdict/bounds/b14-idle-in-transaction.ts';
import { judgeStatementAge } from '../../src/verdict/bounds/b16-statement-age.ts';
import { judgeLockQueue } from '../../src/verdict/bounds/b17-lock-queue.ts';
import { judgeRecovery } from '../../src/verdict/bounds/b22-recovery.ts';
import { coverageNeed } from '../../src/verdict/facts/sessions/coverage.ts';
import { failureOf } from '../../src/verdict/facts/requests/failure.ts';
import { judge } from '../../src/verdict/judge.ts';
import { makeEvidence } from './support/evidence-builder.ts';
import { badStory } from './support/evidence-builder.ts';
import { thresholds } from './support/vectors.ts';

const everyUs = 200_000;
const window = { fromUs: 0, toUs: 10_000_000 };
const need = coverageNeed({ everyMs: 200, acquireMs: 1000, tauCloseMs: 500 });
const ages = fc.array(fc.constantFrom(0, 10, 400, 990, 1010, 4900, 5200), { minLength: 51, maxLength: 51 });
/** Mostly within every limit, so that many of them break none. */
const calmAges = fc.array(
  fc.oneof(
    { weight: 99, arbitrary: fc.constantFrom(0, 10, 400, 990) },
    { weight: 1, arbitrary: fc.constantFrom(1010, 4900, 5200) },
  ),
  { minLength: 51, maxLength: 51 },
);
const mask = fc.array(fc.boolean(), { minLength: 51, maxLength: 51 });
const waits = fc.array(fc.nat(8), { minLength: 51, maxLength: 51 });

interface Limits {
  readonly soft: number;
  readonly hard: number;
}

function aged(
  values: readonly number[],
  kept?: readonly boolean[],
  shiftUs = 0,
  limits: Limits = { soft: 1000, hard: 5000 },
): BoundResult {
  const sights = values
    .map((ageMs, index) => ({ tUs: index * everyUs + shiftUs, ageMs }))
    .filter((_, index) => kept?.[index] ?? true);
  const at = { fromUs: window.fromUs + shiftUs, toUs: window.toUs + shiftUs };
  return judgeIdleInTransaction({
    sights,
    window: at,
    need,
    acquireMs: limits.soft,
    statementMs: limits.hard,
  });
}

function locked(values: readonly number[], kept?: readonly boolean[], acquireMs = 1000): BoundResult {
  return judgeLockQueue({
    samples: values
      .map((waiting, index) => ({ tUs: index * everyUs, waiting, oldestMs: waiting === 0 ? 0 : 300 }))
      .filter((_, index) => kept?.[index] ?? true),
    claim: 8,
    acquireMs,
    statementMs: 5000,
    limitMs: 5100,
    window,
    need,
    rootAt: () => '',
  });
}

describe('of the ages of sessions', () => {
  test('L1: one sight over the limit is a FAIL however little else was seen', () => {
    fc.assert(
      fc.property(mask, fc.nat(50), (kept, at) => {
        const values = kept.map((_, index) => (index === at ? 5200 : 10));
        const seen = kept.map((keep, index) => keep || index === at);
        expect(aged(values, seen)).toMatchObject({ status: 'FAIL', severity: 'hard' });
      }),
    );
  });

  test('L2: losing samples never makes a FAIL', () => {
    fc.assert(
      fc.property(calmAges, mask, (values, kept) => {
        fc.pre(aged(values).status !== 'FAIL');
        expect(aged(values, kept).status).not.toBe('FAIL');
      }),
    );
  });

  test('L3: a PASS has been looked at all the time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 44 }), (hole) => {
        const kept = Array.from({ length: 51 }, (_, index) => index <= hole || index > hole + 6);
        expect(
          aged(
            kept.map(() => 10),
            kept,
          ).status,
        ).toBe('INCONCLUSIVE');
        expect(
          locked(
            kept.map(() => 0),
            kept,
          ).status,
        ).toBe('INCONCLUSIVE');
      }),
    );
  });

  test('L4: a tighter limit never turns a FAIL into anything else', () => {
    fc.assert(
      fc.property(ages, fc.integer({ min: 1, max: 6000 }), (values, hard) => {
        const at = (limit: number): BoundResult => aged(values, undefined, 0, { soft: limit, hard: limit });
        fc.pre(at(hard + 1).status === 'FAIL');
        expect(at(hard).status).toBe('FAIL');
      }),
    );
  });

  test('L5: a later start of everything changes no word', () => {
    fc.assert(
      fc.property(ages, fc.nat(1_000_000_000), (values, shiftUs) => {
        const { witness, ...first } = aged(values);
        const { witness: later, ...second } = aged(values, undefined, shiftUs);
        expect(second).toEqual(first);
        expect(later?.toUs).toBe(witness === null ? undefined : witness.toUs + shiftUs);
      }),
    );
  });

  test('a certain PASS is one for whatever the truth was between the samples', () => {
    fc.assert(
      fc.property(
        fc.nat(9_000_000),
        fc.integer({ min: 1, max: 4_000_000 }),
        mask,
        (fromUs, lastingUs, kept) => {
          const sights = kept.flatMap((keep, index) => {
            const tUs = index * everyUs;
            const isThere = tUs >= fromUs && tUs <= fromUs + lastingUs;
            return keep ? [{ tUs, ageMs: isThere ? (tUs - fromUs) / 1000 : 0 }] : [];
          });
          const { status } = judgeStatementAge({ sights, window, need, limitMs: 2100 });
          const endedUs = Math.min(window.toUs, fromUs + lastingUs);
          if (status === 'PASS') expect((endedUs - fromUs) / 1000).toBeLessThanOrEqual(2100);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('of waits for locks', () => {
  test('L2: losing samples never makes a FAIL, and L4: nor does a wider limit', () => {
    fc.assert(
      fc.property(waits, fc.integer({ min: 100, max: 3000 }), (values, acquireMs) => {
        fc.pre(locked(values, undefined, acquireMs).status !== 'FAIL');
        expect(locked(values, undefined, acquireMs + 200).status).not.toBe('FAIL');
      }),
    );
  });

  test('the witness of a FAIL is one by itself', () => {
    fc.assert(
      fc.property(waits, (values) => {
        const { status, witness } = locked(values, undefined, 400);
        fc.pre(status === 'FAIL');
        if (witness === null) throw new Error('a FAIL without a witness');
        const isTold = values.map(
          (_, index) => index * everyUs >= witness.fromUs && index * everyUs <= witness.toUs,
        );
        expect(locked(values, isTold, 400).status).toBe('FAIL');
      }),
    );
  });
});

describe('L7: a fault excuses what its kind lists, while it lasts, and only if it was confirmed', () => {
  const broken = (at: number): Partial<Evidence> => {
    const base = makeEvidence();
    return {
      attempts: base.attempts.map((one): Attempt => {
        const ms = (one.sentUs - 3_000_000) / 1000;
        const isHit = ms >= at && ms < at + 400;
        return isHit ? { ...one, outcome: 'conn_error', status: null, retryAfterMs: null } : one;
      }),
    };
  };
  const fault = (kind: string, startMs: number, confirmed: boolean): readonly RunEvent[] => {
    const base = { kind: 'fault' as const, id: 'chaos[0]', fault: kind, service: 'api', detail: '' };
    const startUs = 3_000_000 + 1000 * startMs;
    return [
      { ...base, t_us: startUs, state: 'started' },
      ...(confirmed ? [{ ...base, t_us: startUs + 200_000, state: 'confirmed' as const }] : []),
    ];
  };
  const honesty = (kind: string, startMs: number, confirmed: boolean) => {
    const base = makeEvidence();
    const events = [...base.events, ...fault(kind, startMs, confirmed)].sort((a, b) => a.t_us - b.t_us);
    const summary = judge({ ...base, ...broken(19_000), events });
    return summary.bounds.find(({ id }) => id === 'B19')?.status;
  };

  test.each([
    ['a kill at that moment', 'instance.kill', 19_000, true, 'PASS'],
    ['a kill that nobody saw', 'instance.kill', 19_000, false, 'FAIL'],
    ['a kill long before', 'instance.kill', 10_000, true, 'FAIL'],
    ['a lock', 'db.lock', 19_000, true, 'FAIL'],
    ['credentials that were changed', 'db.rotate_password', 19_000, true, 'FAIL'],
  ] as const)('connections that break off at %s', (_, kind, startMs, confirmed, status) => {
    expect(honesty(kind, startMs, confirmed)).toBe(status);
  });
});

/** A queue in front of c servers that everybody leaves after `patience`: the times of those who left, and all. */
function queueWithPatience(
  arrivals: number,
  perSec: number,
  servers: number,
  serveMs: number,
  patienceMs: number,
  seed: number,
) {
  const random = makeRandom(seed, 'queue');
  const exponential = (meanMs: number): number => -meanMs * Math.log(1 - random());
  const free = new Array<number>(servers).fill(0);
  let atMs = 0;
  let left = 0;
  const attempts = Array.from({ length: arrivals }, (_, arrival) => {
    atMs += exponential(1000 / perSec);
    const soonest = free.indexOf(Math.min(...free));
    const startMs = Math.max(atMs, free[soonest] ?? 0);
    const isLeft = startMs - atMs > patienceMs;
    if (isLeft) left += 1;
    else free[soonest] = startMs + exponential(serveMs);
    return { arrival, fromMs: atMs, endedMs: isLeft ? atMs + patienceMs : startMs, isLeft };
  });
  return { attempts, share: left / arrivals };
}

test('B11: who leaves a queue after T_acq has failed fast, at the share that theory says', () => {
  for (const seed of [1, 2, 3]) {
    const { attempts, share } = queueWithPatience(20_000, 160, 4, 50, 1000, seed);
    const [template] = makeEvidence().attempts;
    const failures = attempts
      .filter(({ isLeft }) => isLeft)
      .flatMap(({ arrival, fromMs, endedMs }) => {
        const us = (ms: number): number => Math.round(1000 * ms);
        const times = { sentUs: us(fromMs), receivedUs: us(fromMs), endedUs: us(endedMs) };
        return failureOf({ ...template!, ...times, arrival, outcome: 'pool_timeout' }) ?? [];
      });
    expect(
      judgeFailures({ failures, limits: thresholds, overloadDeclared: true, isStorm: false }).status,
    ).toBe('PASS');
    // P(timeout) -> 1 - c mu / lambda = 1 - 80 / 160.
    expect(share).toBeGreaterThan(0.48);
    expect(share).toBeLessThan(0.52);
  }
});

/**
 * Wasted work: 100 attempts a second are served in order, each in full although its caller left it after a second and
 * asked anew, three times in all. Shares of callers that were served, in windows of 5 s behind a trigger of 5 s.
 */
function afterTrigger(perSec: number): readonly number[] {
  const [ticksPerSec, capacity, attempts] = [10, 100, 3];
  const ticks = 60 * ticksPerSec;
  const sent = Array.from({ length: attempts }, () => new Float64Array(ticks + attempts * ticksPerSec));
  const waitS = new Float64Array(ticks + attempts * ticksPerSec);
  let queue = 500;
  for (let tick = 0; tick < waitS.length; tick += 1) {
    sent[0]![tick] = perSec / ticksPerSec;
    waitS[tick] = queue / capacity;
    for (const [k, now] of sent.entries()) {
      queue += now[tick]!;
      const next = sent[k + 1];
      if (waitS[tick]! > 1 && next !== undefined && tick + ticksPerSec < next.length)
        next[tick + ticksPerSec]! += now[tick]!;
    }
    queue = Math.max(0, queue - capacity / ticksPerSec);
  }
  const isServed = (tick: number): boolean => sent.some((_, k) => waitS[tick + k * ticksPerSec]! <= 1);
  return Array.from({ length: 12 }, (_, index) => {
    const own = Array.from({ length: 5 * ticksPerSec }, (__, tick) =>
      isServed(index * 5 * ticksPerSec + tick),
    );
    return own.filter(Boolean).length / own.length;
  });
}

test('B22 tells a load that comes back by itself from one that keeps itself down', () => {
  const judged = (perSec: number) =>
    judgeRecovery({
      windows: afterTrigger(perSec).map((share, index) => ({
        fromUs: index * 5_000_000,
        toUs: (index + 1) * 5_000_000,
        n: 5 * perSec,
        good: Math.round(5 * perSec * share),
        attempts: 5 * perSec,
        p99Ms: 50,
      })),
      triggerEndUs: 0,
      baseline: { goodShare: 1, p99Ms: 50 },
      epsMs: 100,
      recoverHardMs: 40_000,
      recoverSoftMs: 16_000,
      loadIsBack: true,
      excess: null,
    });
  // The load that the service can come back from is below its capacity over the attempts: 33.3.
  for (const perSec of [15, 20, 25]) expect(judged(perSec).status).toBe('PASS');
  for (const perSec of [15, 20, 25, 30])
    expect(judged(perSec)).not.toMatchObject({ status: 'FAIL', severity: 'hard' });
  for (const perSec of [36, 60, 80, 95]) {
    expect(judged(perSec)).toMatchObject({ status: 'FAIL', severity: 'hard' });
    expect(judged(perSec).reason).toContain('METASTABLE');
  }
});

test('evidence that was written down and read again gives the same verdict', () => {
  for (const story of [{}, badStory]) {
    const evidence = makeEvidence({}, { ...badStory, ...story });
    const again = JSON.parse(JSON.stringify(evidence)) as Evidence;
    expect(judge(again)).toEqual(judge(evidence));
  }
});
