import { trafficTypes } from '../../contract/cloud-run/service-resource.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { TrafficLine } from './cloud-run-admin.ts';

/** Traffic lines in the API's JSON. */
export function trafficJson(lines: readonly TrafficLine[]): readonly TrafficJson[] {
  return lines.map(({ revision, percent, tag }) => ({
    ...(revision === null ? { type: trafficTypes.latest } : { type: trafficTypes.revision, revision }),
    percent,
    ...(tag === undefined ? {} : { tag }),
  }));
}

interface TrafficJson {
  readonly type: (typeof trafficTypes)[keyof typeof trafficTypes];
  readonly revision?: string;
  readonly percent: number;
  readonly tag?: string;
}

/** All traffic to the latest revision that is ready; lines that have a tag keep it, without traffic. */
export function allToLatest(traffic: unknown): readonly JsonObject[] {
  const lines = Array.isArray(traffic) ? traffic.filter(isObject) : [];
  const tagged = lines
    .filter(({ tag, type }) => typeof tag === 'string' && tag !== '' && type !== trafficTypes.latest)
    .map((line) => ({ ...line, percent: 0 }));
  const latest = lines.find(({ type }) => type === trafficTypes.latest) ?? { type: trafficTypes.latest };
  return [{ ...latest, percent: 100 }, ...tagged];
}
