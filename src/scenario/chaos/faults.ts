import type { FaultNeed, FaultSpec } from './fault-spec.ts';
import { dbBandwidth } from './faults/db-bandwidth.ts';
import { dbBlackhole } from './faults/db-blackhole.ts';
import { dbExpireCredentials } from './faults/db-expire-credentials.ts';
import { dbFreeze } from './faults/db-freeze.ts';
import { dbHalfOpen } from './faults/db-half-open.ts';
import { dbHold } from './faults/db-hold.ts';
import { dbJitter } from './faults/db-jitter.ts';
import { dbLatency } from './faults/db-latency.ts';
import { dbLock } from './faults/db-lock.ts';
import { dbMaxConnections } from './faults/db-max-connections.ts';
import { dbRefuse } from './faults/db-refuse.ts';
import { dbReset } from './faults/db-reset.ts';
import { dbRestart } from './faults/db-restart.ts';
import { dbRoleLimit } from './faults/db-role-limit.ts';
import { dbRotatePassword } from './faults/db-rotate-password.ts';
import { dbSlow } from './faults/db-slow.ts';
import { dbTerminate } from './faults/db-terminate.ts';
import { exec } from './faults/exec.ts';
import { instanceHang } from './faults/instance-hang.ts';
import { instanceKill } from './faults/instance-kill.ts';
import { platformFailStart } from './faults/platform-fail-start.ts';
import { platformOverMax } from './faults/platform-over-max.ts';
import { platformReject } from './faults/platform-reject.ts';
import { platformSlowStart } from './faults/platform-slow-start.ts';
import { revisionDeploy } from './faults/revision-deploy.ts';
import { revisionTraffic } from './faults/revision-traffic.ts';
import { serviceScale } from './faults/service-scale.ts';

/** Every fault of the language, in the order in which people are told of them. */
export const faultSpecs = [
  revisionDeploy,
  revisionTraffic,
  serviceScale,
  instanceKill,
  instanceHang,
  platformOverMax,
  platformSlowStart,
  platformFailStart,
  platformReject,
  dbLatency,
  dbJitter,
  dbBandwidth,
  dbReset,
  dbBlackhole,
  dbRefuse,
  dbHalfOpen,
  dbHold,
  dbTerminate,
  dbLock,
  dbSlow,
  dbRoleLimit,
  dbRotatePassword,
  dbExpireCredentials,
  dbRestart,
  dbFreeze,
  dbMaxConnections,
  exec,
] as const;

type FaultIn<S> = S extends FaultSpec<infer F> ? F : never;

/** What is done, with its parameters. */
export type Fault = FaultIn<(typeof faultSpecs)[number]>;

export type FaultKind = Fault['kind'];
export type FaultOf<K extends FaultKind> = Extract<Fault, { readonly kind: K }>;

export const faultNames: readonly FaultKind[] = faultSpecs.map(({ kind }) => kind);

const byKind = new Map<string, FaultSpec<Fault>>(faultSpecs.map((spec) => [spec.kind, spec]));

/** The fault of that name; undefined where there is none. */
export function faultNamed(name: string): FaultSpec<Fault> | undefined {
  return byKind.get(name);
}

/** Whether a fault can be inflicted only with that within reach; false of a name that nobody knows. */
export function faultNeeds(name: string, need: FaultNeed): boolean {
  return byKind.get(name)?.needs.includes(need) ?? false;
}

/** Whether a fault puts back the password of a role. */
export function restoresCredentials(name: string): boolean {
  return byKind.get(name)?.restores === 'credentials';
}
