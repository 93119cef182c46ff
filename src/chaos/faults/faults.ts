import type { Fault } from '../../scenario/chaos/faults.ts';
import type { Applied, FaultAction, FaultContext } from '../fault-action.ts';
import { dbBandwidth } from './db-bandwidth.ts';
import { dbBlackhole } from './db-blackhole.ts';
import { dbExpireCredentials } from './db-expire-credentials.ts';
import { dbFreeze } from './db-freeze.ts';
import { dbHalfOpen } from './db-half-open.ts';
import { dbHold } from './db-hold.ts';
import { dbJitter } from './db-jitter.ts';
import { dbLatency } from './db-latency.ts';
import { dbLock } from './db-lock.ts';
import { dbMaxConnections } from './db-max-connections.ts';
import { dbRefuse } from './db-refuse.ts';
import { dbReset } from './db-reset.ts';
import { dbRestart } from './db-restart.ts';
import { dbRoleLimit } from './db-role-limit.ts';
import { dbRotatePassword } from './db-rotate-password.ts';
import { dbSlow } from './db-slow.ts';
import { dbTerminate } from './db-terminate.ts';
import { exec } from './exec.ts';
import { instanceHang } from './instance-hang.ts';
import { instanceKill } from './instance-kill.ts';
import { platformFailStart } from './platform-fail-start.ts';
import { platformOverMax } from './platform-over-max.ts';
import { platformReject } from './platform-reject.ts';
import { platformSlowStart } from './platform-slow-start.ts';
import { revisionDeploy } from './revision-deploy.ts';
import { revisionTraffic } from './revision-traffic.ts';
import { serviceScale } from './service-scale.ts';

/** All faults by their name in the scenario. */
export const faults: { readonly [K in Fault['kind']]: FaultAction<K> } = {
  'revision.deploy': revisionDeploy,
  'revision.traffic': revisionTraffic,
  'service.scale': serviceScale,
  'instance.kill': instanceKill,
  'instance.hang': instanceHang,
  'platform.over_max': platformOverMax,
  'platform.slow_start': platformSlowStart,
  'platform.fail_start': platformFailStart,
  'platform.reject': platformReject,
  'db.latency': dbLatency,
  'db.jitter': dbJitter,
  'db.bandwidth': dbBandwidth,
  'db.reset': dbReset,
  'db.blackhole': dbBlackhole,
  'db.refuse': dbRefuse,
  'db.half_open': dbHalfOpen,
  'db.hold': dbHold,
  'db.terminate': dbTerminate,
  'db.lock': dbLock,
  'db.slow': dbSlow,
  'db.role_limit': dbRoleLimit,
  'db.rotate_password': dbRotatePassword,
  'db.expire_credentials': dbExpireCredentials,
  'db.restart': dbRestart,
  'db.freeze': dbFreeze,
  'db.max_connections': dbMaxConnections,
  exec,
};

/** Applies a fault. Rejects if that failed, and then has undone what it could. */
export function applyFault(fault: Fault, context: FaultContext): Promise<Applied> {
  return actionOf(fault).apply(fault, context);
}

/** Keeps a fault and its action of the same kind, which TypeScript can't infer from the look-up. */
function actionOf<K extends Fault['kind']>(fault: Extract<Fault, { kind: K }>): FaultAction<K> {
  return faults[fault.kind];
}
