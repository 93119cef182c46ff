import type { Bound } from '../bound.ts';
import { claimSteady } from './b01-claim-steady.ts';
import { claimOverlap } from './b02-claim-overlap.ts';
import { headroom } from './b03-headroom.ts';
import { adminCanary } from './b04-admin-canary.ts';
import { noRefusals } from './b05-no-53300.ts';
import { instanceCap } from './b06-instance-cap.ts';
import { failuresFast } from './b11-failures-fast.ts';
import { requestTimeout } from './b12-request-timeout.ts';
import { noOrphans } from './b13-no-orphans.ts';
import { recovery } from './b22-recovery.ts';

/** Every bound that is judged, in the order of their ids. */
export const bounds: readonly Bound[] = [
  claimSteady,
  claimOverlap,
  headroom,
  adminCanary,
  noRefusals,
  instanceCap,
  failuresFast,
  requestTimeout,
  noOrphans,
  recovery,
];
