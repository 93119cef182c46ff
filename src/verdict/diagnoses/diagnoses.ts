import type { Diagnosis } from '../diagnosis.ts';
import { oneInstance } from './d01-one-instance.ts';
import { fleetWidth } from './d02-fleet-width.ts';
import { waitsForever } from './d03-waits-forever.ts';
import { slowQueries } from './d04-slow-queries.ts';
import { poolPerProcess } from './d05-pool-per-process.ts';
import { idleInTransaction } from './d06-idle-in-transaction.ts';
import { retryStorm } from './d10-retry-storm.ts';
import { twoRevisions } from './d14-two-revisions.ts';
import { poolerFanOut } from './d21-pooler-fan-out.ts';
import { wakeUp } from './d22-wake-up.ts';
import { neighbour } from './d23-neighbour.ts';
import { frontQueue } from './d25-front-queue.ts';

/**
 * Every diagnosis, in the order in which an incident is asked about: is it us; was it a rollout; too wide or too deep;
 * what holds the sessions; how long do we wait for them; who asks more than once; what did the platform add. Equal
 * confidence keeps this order.
 */
export const diagnoses: readonly Diagnosis[] = [
  neighbour,
  twoRevisions,
  fleetWidth,
  oneInstance,
  poolPerProcess,
  idleInTransaction,
  slowQueries,
  waitsForever,
  poolerFanOut,
  retryStorm,
  wakeUp,
  frontQueue,
];
