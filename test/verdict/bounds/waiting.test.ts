import { describe, expect, test } from 'vitest';
import {
  judgeAcquireWait,
  type AcquireInput,
  type Timed,
  type Untimed,
} from '../../../src/verdict/bounds/b09-acquire-wait.ts';
import { judgeQueue } from '../../../src/verdict/bounds/b10-queue-bounded.ts';
import { judgeAdmitted } from '../../../src/verdict/bounds/b20-admitted-latency.ts';
import { judge } from '../../../src/verdict/judge.ts';
import {
  meanOpen,
  mostOpen,
  mostOpenIn,
  mostWithin,
} from '../../../src/verdict/facts/requests/outstanding.ts';
import { goodStory, makeEvidence } from '../support/evidence-builder.ts';

const second = 1_000_000;
const stressed = new Set(['stress']);

function timedAt(tUs: number, waitedMs: number, phase: string): Timed {
  return { sentUs: tUs, endedUs: tUs, phase, acquireUs: 1000 * waitedMs };
}

describe('B09 where the service times its waits', () => {
  const timed = (waits: readonly number[], calm = true): AcquireInput => ({
    timed: waits.map((ms, index) => timedAt(index * second, ms, calm ? 'baseline' : 'stress')),
    stressed,
    untimed: [],
    baselineMs: 50,
    oldest: [],
    limitMs: 1100,
    acquireMs: 1000,
    pendingMs: 10_000,
  });
  const many = Array.from({ length: 200 }, () => 20);

  test.each([
    ['a wait of T_acq and the allowance', [...many, 1100], true, 'PASS', 'hard'],
    ['one wait that is longer', [...many, 1101], true, 'FAIL', 'hard'],
    ['p99 over half of T_acq', [...many, 600, 600, 600, 600], true, 'FAIL', 'soft'],
    ['the same under stress', [...many, 600, 600, 600, 600], false, 'PASS', 'hard'],
  ] as const)('%s', (_, waits, calm, status, severity) => {
    expect(judgeAcquireWait(timed(waits, calm))).toMatchObject({ status, severity });
  });

  test('says that it is the service that says so', () => {
    expect(judgeAcquireWait(timed(many)).reason).toContain('as the service timed them');
  });
});

describe('B09 where nobody times them', () => {
  const untimed = (lastMs: readonly number[], change: Partial<AcquireInput> = {}): AcquireInput => ({
    timed: [],
    stressed,
    untimed: lastMs.map((ms, index): Untimed => {
      const fromUs = index * second;
      return { arrival: index, attempt: 1, fromUs, endedUs: fromUs + 1000 * ms, isReceived: true };
    }),
    baselineMs: 50,
    oldest: [],
    limitMs: 1100,
    acquireMs: 1000,
    pendingMs: 10_000,
    ...change,
  });
  const slow = [...Array.from({ length: 80 }, () => 100), ...Array.from({ length: 20 }, () => 5000)];

  test('is broken by what was slow and neither at work nor queued by the platform', () => {
    const { status, reason, witness } = judgeAcquireWait(untimed(slow));
    expect(status).toBe('FAIL');
    expect(reason).toContain('inferred');
    expect(witness?.what).toContain('5 s, of which 4.95 s can only be waiting');
  });

  test('is kept where a transaction was open all the while: that was work', () => {
    const oldest = Array.from({ length: 1000 }, (_, index) => ({ tUs: index * 100_000, ageMs: 4500 }));
    expect(judgeAcquireWait(untimed(slow, { oldest })).status).toBe('PASS');
  });

  test('gives the platform its time where nothing tells when an instance got the request', () => {
    const { untimed: all, ...rest } = untimed(slow);
    const sent = all.map((one) => ({ ...one, isReceived: false }));
    expect(judgeAcquireWait({ ...rest, untimed: sent }).status).toBe('PASS');
  });

  test('is not known without a baseline or without a look at the sessions', () => {
    expect(judgeAcquireWait(untimed(slow, { baselineMs: null })).status).toBe('INCONCLUSIVE');
    expect(judgeAcquireWait(untimed(slow, { oldest: null })).status).toBe('INCONCLUSIVE');
  });

  test('can be kept without either where everything was quick, with a confidence', () => {
    const quick = Array.from({ length: 299 }, () => 100);
    const kept = judgeAcquireWait(untimed(quick, { baselineMs: null, oldest: null }));
    expect(kept.status).toBe('PASS');
    expect(kept.confidence).toBeCloseTo(0.95, 3);
  });

  test('a few that were not timed among many that were are no matter', () => {
    const timed = Array.from({ length: 999 }, () => timedAt(0, 1, 'baseline'));
    expect(judgeAcquireWait(untimed([9000], { timed })).status).toBe('PASS');
    expect(judgeAcquireWait(untimed([], { timed: [] })).status).toBe('NOT_APPLICABLE');
  });
});

/** `perSec` attempts a second for so long, each open for as long as `lastS` says. */
function openedFor(perSec: number, seconds: number, lastS: (atS: number) => number) {
  const sent = Array.from({ length: perSec * seconds }, (_, index) => index / perSec);
  return {
    sentUs: Float64Array.from(sent, (atS) => atS * second),
    endedUs: Float64Array.from(sent, (atS) => (atS + lastS(atS)) * second).sort(),
  };
}

describe('B10 queue-bounded', () => {
  const judged = (lastS: (atS: number) => number, waitS = 1.1) =>
    judgeQueue({
      outstanding: openedFor(100, 60, lastS),
      admitted: 50,
      waitUs: waitS * second,
      stretches: [{ phase: 'stress', fromUs: 30 * second, toUs: 60 * second, ratePerSec: 100 }],
    });

  test('a queue as long as the wait allows stands, one that is longer does not', () => {
    expect(judged(() => 1.5).status).toBe('PASS');
    expect(judged(() => 1.7)).toMatchObject({ status: 'FAIL', unit: 'count', value: 171, limit: 161 });
  });

  test('a queue that grows is broken before its level is', () => {
    const grown = judged((atS) => 0.1 + atS / 40, 30);
    expect(grown).toMatchObject({ status: 'FAIL', unit: 'per_sec' });
    expect(grown.value).toBeGreaterThan(2);
    expect(judged(() => 1.2, 30).status).toBe('PASS');
  });

  test('a stretch that is too thin to tell a slope is judged by its level', () => {
    const noisy = (atS: number): number => ((atS * 7919) % 13) / 6;
    const { reason, status } = judgeQueue({
      outstanding: openedFor(3, 40, noisy),
      admitted: 50,
      waitUs: second,
      stretches: [{ phase: 'stress', fromUs: 30 * second, toUs: 40 * second, ratePerSec: 3 }],
    });
    expect(status).toBe('PASS');
    expect(reason).not.toContain('grew');
  });

  test('counts what is open by its definition', () => {
    const outstanding = openedFor(2, 10, (atS) => (atS * 3) % 4);
    const { sentUs, endedUs } = outstanding;
    const openAt = (tUs: number): number =>
      sentUs.filter((sent) => sent <= tUs).length - endedUs.filter((ended) => ended <= tUs).length;
    expect(mostOpen(outstanding).count).toBe(Math.max(...Array.from(sentUs, openAt)));
    expect(mostWithin(outstanding, 2 * second)).toBe(4);
    expect(mostOpenIn(outstanding, 3 * second, 3 * second)).toBeGreaterThanOrEqual(openAt(3 * second));
    const [mean = 0] = meanOpen(outstanding, 4 * second, 6 * second, 2 * second);
    const steps = Array.from({ length: 2000 }, (_, index) => openAt(4 * second + index * 1000));
    expect(mean).toBeCloseTo(steps.reduce((sum, count) => sum + count, 0) / 2000, 1);
  });
});

describe('B20 admitted-latency', () => {
  const judged = (slow: number, limitMs: number | null = 2000) =>
    judgeAdmitted({
      successes: Array.from({ length: 1000 }, (_, arrival) => ({
        arrival,
        attempt: 1,
        intendedUs: arrival * 1000,
        endedUs: arrival * 1000 + (arrival < slow ? 3_000_000 : 100_000),
      })),
      limitMs,
    });

  test.each([
    [0, 'PASS'],
    [3, 'PASS'],
    [10, 'INCONCLUSIVE'],
    [30, 'FAIL'],
  ] as const)('%i slow ones of a thousand', (slow, status) => {
    expect(judged(slow)).toMatchObject({ status, severity: 'soft' });
  });

  test('needs a baseline to know the work by', () => {
    expect(judged(0, null).status).toBe('INCONCLUSIVE');
  });

  test('only degrades', () => {
    const late = makeEvidence({
      endAt: (ms, arrival) =>
        ms >= 15_000 && ms < 25_000 && arrival % 3 !== 0
          ? { outcome: 'ok', tookMs: arrival % 3 === 1 ? 3900 : 20 }
          : goodStory.endAt(ms, arrival),
    });
    const knownQueue = { ...late.run, platform: { ...late.run.platform, profile: 'knative' as const } };
    // T_pend is the request timeout there, 4 s; so 3.9 s is still within T_acq + T_pend.
    expect(judge({ ...late, run: knownQueue }).bounds.find(({ id }) => id === 'B20')?.status).toBe('PASS');
  });
});
