import type { RevisionSpec } from '../../../contract/cloud-run/revision-spec.ts';
import type { ServiceResource } from '../../../contract/cloud-run/service-resource.ts';
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
  const listed = router.routes.map(({ revision }) => revision);
  return resolveScaling(serviceScalingOf(resource), inOrder(all, listed));
}

/** Limits of a new revision as if the traffic had already moved: its minimum must be up before it does. */
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
  const resolved = resolveScaling(serviceScalingOf(resource), inOrder(all, [...percents.keys()]));
  return resolved.get(name) ?? { minInstances: 0, maxInstances: 0 };
}

/** As the traffic lists them, those without traffic last: of a share with a fraction the first one gets more. */
function inOrder(
  revisions: readonly RevisionScaling[],
  listed: readonly string[],
): readonly RevisionScaling[] {
  const placeOf = ({ name }: RevisionScaling): number => {
    const place = listed.indexOf(name);
    return place < 0 ? listed.length : place;
  };
  return [...revisions].sort((one, other) => placeOf(one) - placeOf(other));
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
