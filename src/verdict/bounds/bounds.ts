import type { Bound } from './shared/bound.ts';
import { claimSteady } from './b01-claim-steady.ts';
import { claimOverlap } from './b02-claim-overlap.ts';
import { headroom } from './b03-headroom.ts';
import { adminCanary } from './b04-admin-canary.ts';
import { noRefusals } from './b05-no-53300.ts';
import { instanceCap } from './b06-instance-cap.ts';
import { noLeak } from './b07-no-leak.ts';
import { churn } from './b08-churn.ts';
import { acquireWait } from './b09-acquire-wait.ts';
import { queueBounded } from './b10-queue-bounded.ts';
import { failuresFast } from './b11-failures-fast.ts';
import { requestTimeout } from './b12-request-timeout.ts';
import { noOrphans } from './b13-no-orphans.ts';
import { idleInTransaction } from './b14-idle-in-transaction.ts';
import { transactionAge } from './b15-transaction-age.ts';
import { statementAge } from './b16-statement-age.ts';
import { lockQueue } from './b17-lock-queue.ts';
import { goodputFloorBound } from './b18-goodput-floor.ts';
import { honestFailure } from './b19-honest-failure.ts';
import { admittedLatency } from './b20-admitted-latency.ts';
import { retryAmplification } from './b21-retry-amplification.ts';
import { recovery } from './b22-recovery.ts';
import { rolloutDrain } from './b23-rollout-drain.ts';
import { neighbour } from './b24-neighbour.ts';
import { startupClaim } from './b25-startup-claim.ts';
import { unattributed } from './b26-unattributed.ts';

const all = [
  claimSteady,
  claimOverlap,
  headroom,
  adminCanary,
  noRefusals,
  instanceCap,
  noLeak,
  churn,
  acquireWait,
  queueBounded,
  failuresFast,
  requestTimeout,
  noOrphans,
  idleInTransaction,
  transactionAge,
  statementAge,
  lockQueue,
  goodputFloorBound,
  honestFailure,
  admittedLatency,
  retryAmplification,
  recovery,
  rolloutDrain,
  neighbour,
  startupClaim,
  unattributed,
] as const satisfies readonly Bound[];

export type BoundId = (typeof all)[number]['id'];

/** Every bound that is judged, in the order of their ids. */
export const bounds: readonly Bound<BoundId>[] = all;
