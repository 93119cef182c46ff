import type { Diagnosis } from './shared/diagnosis.ts';
import { oneInstance } from './d01-one-instance.ts';
import { fleetWidth } from './d02-fleet-width.ts';
import { waitsForever } from './d03-waits-forever.ts';
import { slowQueries } from './d04-slow-queries.ts';
import { poolPerProcess } from './d05-pool-per-process.ts';
import { idleInTransaction } from './d06-idle-in-transaction.ts';
import { leak } from './d07-leak.ts';
import { notBackpressure } from './d08-not-backpressure.ts';
import { serverRetries } from './d09-server-retries.ts';
import { retryStorm } from './d10-retry-storm.ts';
import { unboundedQueue } from './d11-unbounded-queue.ts';
import { dishonest } from './d12-dishonest.ts';
import { healthCheck } from './d13-health-check.ts';
import { twoRevisions } from './d14-two-revisions.ts';
import { stampede } from './d15-stampede.ts';
import { credentials } from './d16-credentials.ts';
import { background } from './d17-background.ts';
import { instanceOvershoot } from './d18-instance-overshoot.ts';
import { connectionPerRequest } from './d19-connection-per-request.ts';
import { lockConvoy } from './d20-lock-convoy.ts';
import { poolerFanOut } from './d21-pooler-fan-out.ts';
import { wakeUp } from './d22-wake-up.ts';
import { neighbour } from './d23-neighbour.ts';
import { idleFloor } from './d24-idle-floor.ts';
import { frontQueue } from './d25-front-queue.ts';
import { wrongHome } from './d26-wrong-home.ts';
import { heldIdle } from './d27-held-idle.ts';
import { besidePool } from './d28-beside-pool.ts';
import { tightPool } from './d29-tight-pool.ts';

const all = [
  neighbour,
  twoRevisions,
  instanceOvershoot,
  fleetWidth,
  oneInstance,
  besidePool,
  poolPerProcess,
  credentials,
  lockConvoy,
  leak,
  idleInTransaction,
  heldIdle,
  wrongHome,
  slowQueries,
  stampede,
  connectionPerRequest,
  background,
  healthCheck,
  idleFloor,
  waitsForever,
  tightPool,
  notBackpressure,
  unboundedQueue,
  dishonest,
  poolerFanOut,
  serverRetries,
  retryStorm,
  wakeUp,
  frontQueue,
] as const satisfies readonly Diagnosis[];

export type DiagnosisId = (typeof all)[number]['id'];

/**
 * Every diagnosis, in the order in which an incident is asked about: is it us; was it a rollout; too wide or too deep;
 * can anybody log in; what holds the sessions; are they lost; do they come and go; how long do we wait for them; who
 * asks more than once; what did the platform add. Equal confidence keeps this order.
 */
export const diagnoses: readonly Diagnosis<DiagnosisId>[] = all;
