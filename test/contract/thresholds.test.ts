import { expect, test } from 'vitest';
import { worstQueueWaitMs } from '../../src/contract/check-contract.ts';
import { deriveThresholds, goodputFloor } from '../../src/contract/thresholds.ts';
import { safeService } from './service.ts';
import { numberIn, vectorsOf } from './vectors.ts';

test('there are vectors to hold the thresholds against', () => {
  expect(vectorsOf('DERIVED-').length).toBeGreaterThanOrEqual(2);
});

test.each(vectorsOf('DERIVED-').map((vector) => [vector.id, vector] as const))(
  'the derived limits agree with %s',
  (_, vector) => {
    const input = (key: string) => numberIn(vector, key);
    const service = {
      ...safeService,
      maxInstances: input('N'),
      workersPerInstance: input('W'),
      poolMax: input('P'),
      containerConcurrency: input('C'),
      acquireTimeoutMs: input('Tacq'),
      statementTimeoutMs: input('Tstmt'),
      requestTimeoutMs: input('Treq'),
      rolloutOverlap: input('omega'),
    };
    const derived = deriveThresholds(service, {
      headroom: input('H'),
      limits: { maxConnections: input('M'), superuserReserved: input('R'), reservedConnections: 0 },
      sampleEveryMs: input('deltaMs'),
      pingP99Ms: input('pingP99Ms'),
      frontQueue: vector.inputs['platform'] === 'cloudrun',
      startupMs: input('startupMs'),
      deadlineMs: input('DlogMs'),
      windowMs: input('windowMs'),
    });
    expect(vector.outputs).toMatchObject({
      claim: derived.claim,
      claimOverlap: derived.claimOverlap,
      usable: derived.usable,
      nonHeadroomMax: derived.nonHeadroomMax,
      eps_ms: derived.epsMs,
      tauClose_ms: derived.tauCloseMs,
      failP99_ms: derived.failMs,
      failMax_poolTimeout_ms: derived.failMs,
      failMax_stmt_ms: derived.failStatementMs,
      failMax_platform_ms: derived.failPlatformMs,
      failMax_deadline_ms: derived.failDeadlineMs,
      idleInTxSoft_ms: derived.acquireMs,
      idleInTxHard_ms: derived.statementMs,
      xactSoft_ms: derived.statementMs,
      xactHard_ms: derived.requestMs,
      queryHard_ms: derived.orphanMs,
      orphan_ms: derived.orphanMs,
      recoverHard_ms: derived.recoverHardMs,
      recoverSoft_ms: derived.recoverSoftMs,
      drain_ms: derived.drainMs,
      worstQueueWaitAtStmtTimeout_ms: worstQueueWaitMs(service),
    });
    expect(goodputFloor(input('overload'), input('kappa'))).toBeCloseTo(
      Number(vector.outputs['goodputFloor']),
      6,
    );
  },
);

test('a slow way to the service never makes the allowance more than half of the acquire timeout', () => {
  const setting = {
    headroom: 0,
    limits: { maxConnections: 100, superuserReserved: 3, reservedConnections: 0 },
    sampleEveryMs: 50,
    frontQueue: false,
    startupMs: 0,
    deadlineMs: 1000,
    windowMs: 10_000,
  };
  expect(deriveThresholds(safeService, { ...setting, pingP99Ms: 10_000 }).epsMs).toBe(500);
});
