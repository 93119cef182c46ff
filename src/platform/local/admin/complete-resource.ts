import { revisionSpecOf } from '../../../contract/cloud-run/revision-spec.ts';
import {
  trafficTypes,
  type RevisionTemplate,
  type TrafficTarget,
} from '../../../contract/cloud-run/service-resource.ts';
import { shortName } from './resource-name.ts';

/** A template with the defaults that Cloud Run writes into it. */
export function completeTemplate(template: RevisionTemplate): RevisionTemplate {
  const { concurrency, timeoutMs } = revisionSpecOf(template);
  return { ...template, timeout: `${timeoutMs / 1000}s`, maxInstanceRequestConcurrency: concurrency };
}

/** Traffic lines with the type that goes without saying and with bare revision names. */
export function completeTraffic(traffic: readonly TrafficTarget[]): readonly TrafficTarget[] {
  return traffic.map((target) => ({
    ...target,
    type: target.type ?? (target.revision === undefined ? trafficTypes.latest : trafficTypes.revision),
    ...(target.revision === undefined ? {} : { revision: shortName(target.revision) }),
  }));
}

/** What a service does that says nothing about traffic: all of it to the newest ready revision. */
export const latestOnly: readonly TrafficTarget[] = [{ type: trafficTypes.latest, percent: 100 }];
