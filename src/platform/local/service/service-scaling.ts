import type { RevisionSpec } from '../../../contract/revision-spec.ts';
import type { ServiceResource } from '../../../contract/service-resource.ts';
import type { Router } from './router.ts';
import type { RevisionSet } from './revision-set.ts';
import {
  resolveScaling,
  type ResolvedScaling,
  type RevisionScaling,
  type ServiceScaling,
} from './scaling-shares.ts';
import { percentByRevision, resolveTraffic } from './traffic.ts';

/** Limits of every revision as the traffic is now. */
export function scalingNow(
  resource: ServiceResource,
  revisions: RevisionSet,
  router: Router,
): ReadonlyMap<string, ResolvedScaling> {
  const all = revisions.all.map(({ revision, spec }) => ({
    ...boundsOf(revision, spec),
    percent: router.percentOf(revision),
    tagged: router.reaches(revision),
  }));
  return resolveScaling(serviceScalingOf(resource), all);
}

/** Limits of a new revision as if the traffic had moved already: so many must be up before it does. */
export function scalingOfNew(
  resource: ServiceResource,
  revisions: RevisionSet,
  name: string,
  spec: RevisionSpec,
): ResolvedScaling {
  const isReady = (other: string): boolean => other === name || revisions.isReady(other);
  const percents = percentByRevision(resolveTraffic(resource.traffic ?? [], name, isReady));
  const bounds = revisions.all.map(({ revision, spec: known }) => boundsOf(revision, known));
  const all = [...bounds, boundsOf(name, spec)].map((one) => ({
    ...one,
    percent: percents.get(one.name) ?? 0,
    tagged: false,
  }));
  return resolveScaling(serviceScalingOf(resource), all).get(name) ?? { minInstances: 0, maxInstances: 0 };
}

function boundsOf(name: string, spec: RevisionSpec): Omit<RevisionScaling, 'percent' | 'tagged'> {
  return { name, minInstances: spec.minInstances, maxInstances: spec.maxInstances };
}

function serviceScalingOf({ scaling }: ServiceResource): ServiceScaling {
  const { minInstanceCount, maxInstanceCount, scalingMode, manualInstanceCount } = scaling ?? {};
  return {
    minInstances: minInstanceCount ?? 0,
    maxInstances: maxInstanceCount === undefined || maxInstanceCount === 0 ? null : maxInstanceCount,
    manualInstances: scalingMode === 'MANUAL' ? (manualInstanceCount ?? 0) : null,
  };
}
