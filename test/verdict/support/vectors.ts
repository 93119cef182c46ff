import { readFileSync } from 'node:fs';
import { deriveThresholds } from '../../../src/contract/thresholds.ts';
import type { Attempt, Outcome } from '../../../src/evidence/attempt.ts';
import type { BoundResult } from '../../../src/verdict/bounds/shared/bound.ts';
import { judgeClaim, type SessionsSeen } from '../../../src/verdict/bounds/shared/claim.ts';
import { judgeOverlap } from '../../../src/verdict/bounds/b02-claim-overlap.ts';
import { judgeHeadroom } from '../../../src/verdict/bounds/b03-headroom.ts';
import { judgeCanary } from '../../../src/verdict/bounds/b04-admin-canary.ts';
import { judgeRefusals } from '../../../src/verdict/bounds/b05-no-53300.ts';
import { judgeFailures } from '../../../src/verdict/bounds/b11-failures-fast.ts';
import { judgeRequestTimeout } from '../../../src/verdict/bounds/b12-request-timeout.ts';
import { judgeOrphans } from '../../../src/verdict/bounds/b13-no-orphans.ts';
import { judgeIdleInTransaction } from '../../../src/verdict/bounds/b14-idle-in-transaction.ts';
import { judgeRecovery } from '../../../src/verdict/bounds/b22-recovery.ts';
import { coverageNeed } from '../../../src/verdict/facts/sessions/coverage.ts';
import { failureOf } from '../../../src/verdict/facts/requests/failure.ts';
import { outstandingOf } from '../../../src/verdict/facts/requests/outstanding.ts';
import type { Refusal } from '../../../src/verdict/facts/sessions/refusal.ts';

/** One vector of `test/vectors/verdict.json`: a small timeline and what it must be judged as. Times in ms. */
export interface Vector {
  readonly id: string;
  readonly bound: string;
  readonly expect: 'PASS' | 'FAIL' | 'INCONCLUSIVE';
  readonly why: string;
  readonly reference: { readonly severity?: string; readonly recoveryMs?: number };
  readonly evidence: {
    readonly run?: { readonly t0: number; readonly t1: number };
    readonly pg?: readonly {
      readonly t: number;
      readonly n?: number;
      readonly alive?: number;
      readonly b?: readonly (readonly [number, number])[];
      readonly busy?: number;
      readonly maxIdleTxMs?: number;
      readonly used?: number;
      readonly usedByReserved?: number;
    }[];
    readonly canary?: readonly { readonly t: number; readonly ok: boolean; readonly ms: number }[];
    readonly marks?: readonly { readonly t0: number; readonly t1: number; readonly graceMs: number }[];
    readonly serverLog?: readonly { readonly t: number; readonly sqlstate: string }[];
    readonly req?: readonly { readonly start: number; readonly end: number | null; readonly cls: Outcome }[];
    readonly triggerEnd?: number;
    readonly baselineGoodFrac?: number;
    readonly win?: readonly { readonly t0: number; readonly t1: number; readonly goodFrac: number }[];
  };
}

/** Results of bounds and the word they add up to. */
export interface OverallVector {
  readonly id: string;
  readonly bound: 'OVERALL';
  readonly expect: string;
  readonly evidence: readonly {
    readonly status: BoundResult['status'];
    readonly severity?: BoundResult['severity'];
    readonly required?: boolean;
  }[];
}

const file = JSON.parse(readFileSync(new URL('../../vectors/verdict.json', import.meta.url), 'utf8')) as {
  readonly vectors: readonly (Vector | OverallVector)[];
};

/** The vectors that are timelines for one bound. */
export const vectors = file.vectors.filter((vector): vector is Vector => vector.bound !== 'OVERALL');

/** The vectors that sum up what bounds said. */
export const overallVectors = file.vectors.filter(
  (vector): vector is OverallVector => vector.bound === 'OVERALL',
);

/** The budget that the vectors were made for; no platform queue in front of the service. */
export const thresholds = deriveThresholds(
  {
    name: 'api',
    maxInstances: 5,
    minInstances: 0,
    containerConcurrency: 10,
    workersPerInstance: 1,
    poolMax: 4,
    poolMin: 0,
    backgroundSessions: 0,
    rolloutOverlap: 1,
    acquireTimeoutMs: 1000,
    statementTimeoutMs: 5000,
    requestTimeoutMs: 30_000,
    match: {},
  },
  {
    headroom: 30,
    limits: { maxConnections: 100, superuserReserved: 3, reservedConnections: 0 },
    sampleEveryMs: 200,
    pingP99Ms: 8,
    frontQueue: false,
    startupMs: 0,
    deadlineMs: 30_000,
    windowMs: 10_000,
  },
);

const need = coverageNeed({ everyMs: 200, acquireMs: 1000, tauCloseMs: thresholds.tauCloseMs });

/** How each bound that is built reads a vector. */
export const judges: Readonly<Record<string, (vector: Vector) => BoundResult>> = {
  B01: ({ evidence }) =>
    judgeClaim({
      seen: seenIn(evidence.pg ?? []),
      uppers: [],
      claim: thresholds.claim,
      replacementsAt: (tUs) => evidence.pg?.findLast(({ t }) => 1000 * t <= tUs)?.alive ?? 0,
      tauCloseUs: 1000 * thresholds.tauCloseMs,
      everyUs: 200_000,
      window: windowOf(evidence),
      need,
    }),
  B02: ({ evidence }) =>
    judgeOverlap({
      claim: {
        seen: seenIn(evidence.pg ?? []),
        uppers: [],
        claim: thresholds.claimOverlap,
        replacementsAt: (tUs) => evidence.pg?.findLast(({ t }) => 1000 * t <= tUs)?.alive ?? 0,
        tauCloseUs: 1000 * thresholds.tauCloseMs,
        everyUs: 200_000,
        window: windowOf(evidence),
        spans: [windowOf(evidence)],
        need,
      },
      revisions: new Map(),
      revisionClaim: thresholds.claim,
      togetherUs: 1,
      served: true,
    }),
  B03: ({ evidence }) =>
    judgeHeadroom({
      headroom: 30,
      usable: thresholds.usable,
      samples: (evidence.pg ?? []).map(({ t, used, usedByReserved }) => ({
        tUs: 1000 * t,
        used: used ?? 0,
        own: usedByReserved ?? 0,
      })),
      exact: null,
      exactIsAll: false,
      uppers: [],
      window: windowOf(evidence),
      need,
    }),
  B04: ({ evidence }) =>
    judgeCanary({
      tries: (evidence.canary ?? []).map(({ t, ok, ms }) => ({
        tUs: 1000 * t,
        ok,
        tookMs: ms,
        error: null,
      })),
      limitMs: thresholds.acquireMs,
      excuses: (evidence.marks ?? []).map(({ t0, t1, graceMs }) => ({
        fromUs: 1000 * t0,
        toUs: 1000 * (t1 + graceMs),
      })),
      windows: [{ name: 'all', ...windowOf(evidence) }],
    }),
  B05: ({ evidence }) =>
    judgeRefusals({
      refusals: (evidence.serverLog ?? []).map(({ t }): Refusal => ({
        tUs: 1000 * t,
        source: 'log',
        kind: 'untold',
        service: null,
      })),
      log:
        evidence.serverLog === undefined
          ? { complete: false, why: 'no server log' }
          : { complete: true, lines: evidence.serverLog.length },
    }),
  B11: ({ evidence }) =>
    judgeFailures({
      failures: (evidence.req ?? []).flatMap((request, index) => failureOf(attemptOf(request, index)) ?? []),
      limits: thresholds,
      overloadDeclared: true,
      isStorm: false,
    }),
  B12: ({ evidence }) =>
    judgeRequestTimeout({
      exchanges: (evidence.req ?? []).map(({ start, end }, arrival) => ({
        arrival,
        attempt: 1,
        sentUs: 1000 * start,
        endedUs: end === null ? null : 1000 * end,
        queuedMs: null,
      })),
      endUs: windowOf(evidence).toUs,
      limitMs: thresholds.failDeadlineMs,
      pendingMs: thresholds.pendingMs,
    }),
  B13: ({ evidence }) =>
    judgeOrphans({
      samples: (evidence.pg ?? []).map(({ t, busy }) => ({ tUs: 1000 * t, busy: busy ?? 0 })),
      open: outstandingOf((evidence.req ?? []).map(attemptOf)),
      aborted: (evidence.req ?? []).length,
      background: 0,
      skewUs: 50_000,
      limitMs: thresholds.orphanMs,
    }),
  B14: ({ evidence }) =>
    judgeIdleInTransaction({
      sights: (evidence.pg ?? []).map(({ t, maxIdleTxMs }) => ({ tUs: 1000 * t, ageMs: maxIdleTxMs ?? 0 })),
      acquireMs: thresholds.acquireMs,
      statementMs: thresholds.statementMs,
      window: windowOf(evidence),
      need,
    }),
  B22: ({ evidence }) =>
    judgeRecovery({
      windows: (evidence.win ?? []).map(({ t0, t1, goodFrac }) => ({
        fromUs: 1000 * t0,
        toUs: 1000 * t1,
        n: 100,
        good: Math.round(100 * goodFrac),
        attempts: 100,
        p99Ms: null,
      })),
      triggerEndUs: 1000 * (evidence.triggerEnd ?? 0),
      baseline: { goodShare: evidence.baselineGoodFrac ?? 1, p99Ms: null },
      epsMs: thresholds.epsMs,
      recoverHardMs: thresholds.recoverHardMs,
      recoverSoftMs: thresholds.recoverSoftMs,
      loadIsBack: true,
      excess: null,
    }),
};

function seenIn(samples: NonNullable<Vector['evidence']['pg']>): SessionsSeen {
  if (samples.some(({ b }) => b !== undefined)) {
    return {
      kind: 'identities',
      samples: samples.map(({ t, b }) => ({
        tUs: 1000 * t,
        backends: (b ?? []).map(([pid, start]) => ({ pid, startUs: 1000 * start })),
      })),
    };
  }
  return { kind: 'counts', samples: samples.map(({ t, n }) => ({ tUs: 1000 * t, count: n ?? 0 })) };
}

function windowOf({ run }: Vector['evidence']): { readonly fromUs: number; readonly toUs: number } {
  return { fromUs: 1000 * (run?.t0 ?? 0), toUs: 1000 * (run?.t1 ?? 0) };
}

function attemptOf(
  { start, end, cls }: NonNullable<Vector['evidence']['req']>[number],
  arrival: number,
): Attempt {
  return {
    arrival,
    attempt: 1,
    client: 0,
    route: 'r',
    phase: 'p',
    intendedUs: 1000 * start,
    sentUs: 1000 * start,
    endedUs: end === null ? null : 1000 * end,
    status: null,
    outcome: cls,
    errorCode: null,
    sqlstate: null,
    retryAfterMs: null,
    instance: null,
    revision: null,
    receivedUs: null,
    acquireUs: null,
    connectUs: null,
    ownUs: null,
    bodyValid: null,
    bytes: 0,
  };
}
