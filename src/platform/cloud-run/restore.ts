import { sleep } from '../../base/deadline.ts';
import { EnvironmentError } from '../../base/errors.ts';
import { canonical, isObject, type JsonObject } from '../json.ts';
import type { ServiceSnapshot, SnapshotPart } from './cloud-run-admin.ts';
import type { Connection } from './clients.ts';
import { withoutName } from './next-template.ts';
import { awaitOperation } from './operation.ts';

/** The routes follow an operation that is done within seconds. */
const looks = 20;
const lookEveryMs = 500;

/** The parts that a person decides, as the API's JSON has them. */
export async function takeSnapshot(
  { clients, nameOf }: Connection,
  service: string,
): Promise<ServiceSnapshot> {
  const { template, traffic = [], scaling = {} } = await clients.rest('GET', nameOf(service));
  return { service, template, traffic, scaling };
}

/** Writes back the parts that have changed, and polls until they are as they were. */
export async function restore(
  { clients, nameOf, limitMs }: Connection,
  snapshot: ServiceSnapshot,
  parts: readonly SnapshotPart[],
): Promise<void> {
  const { service } = snapshot;
  const current = await clients.rest('GET', nameOf(service));
  const changed = parts.filter(
    (part) => canonical(saved(snapshot, part)) !== canonical(present(current, part)),
  );
  if (changed.length > 0) {
    const body = Object.fromEntries(changed.map((part) => [part, saved(snapshot, part)]));
    const path = `${nameOf(service)}?updateMask=${changed.join(',')}`;
    const { name } = await clients.rest('PATCH', path, body);
    await awaitOperation(clients, String(name), `restoring ${service}`, limitMs);
  }
  let different: readonly string[] = parts;
  for (let look = 0; look < looks; look += 1) {
    different = differences(await clients.rest('GET', nameOf(service)), snapshot, parts);
    if (different.length === 0) return;
    await sleep(lookEveryMs);
  }
  const message = `restoring ${service}: still not what it was: ${different.join(', ')}`;
  throw new EnvironmentError([{ message }]);
}

/** What is not (yet) as it was: parts as wanted, and traffic as routed. */
function differences(
  now: JsonObject,
  snapshot: ServiceSnapshot,
  parts: readonly SnapshotPart[],
): readonly string[] {
  const wanted = parts.filter((part) => canonical(saved(snapshot, part)) !== canonical(present(now, part)));
  const routed = canonical(shares(now['traffic'])) === canonical(shares(now['trafficStatuses']));
  return [
    ...wanted,
    ...(routed || !parts.includes('traffic') ? [] : ['the routes']),
    ...(now['reconciling'] === true ? ['it is reconciling'] : []),
  ];
}

/** A revision's name can't be used twice: the template comes back without the one that it had. */
function saved(snapshot: ServiceSnapshot, part: SnapshotPart): unknown {
  return part === 'template' ? unnamed(snapshot.template) : snapshot[part];
}

function present(service: JsonObject, part: SnapshotPart): unknown {
  const value = service[part] ?? (part === 'traffic' ? [] : {});
  return part === 'template' ? unnamed(value) : value;
}

function unnamed(template: unknown): unknown {
  return isObject(template) ? withoutName(template) : template;
}

/** Percent and tag by line: what traffic and its status have in common. */
function shares(traffic: unknown): readonly unknown[] {
  const lines = Array.isArray(traffic) ? traffic.filter(isObject) : [];
  return lines.map(({ type, percent = 0, tag = '' }) => [type, percent, tag]);
}
