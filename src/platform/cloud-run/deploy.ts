import { canonical, isObject, type JsonObject } from '../json.ts';
import type { DeployChange } from './cloud-run-admin.ts';
import type { Connection } from './clients.ts';
import { nextTemplate } from './next-template.ts';
import { awaitOperation } from './operation.ts';
import { refusalOf } from './refusal.ts';
import { allToLatest } from './traffic-lines.ts';

/** Retries at most, when someone else changed the service between our read and our write. */
const attempts = 4;

/** A new revision of the service, with all traffic; yields its name once it serves. */
export async function deploy(
  connection: Connection,
  service: string,
  change: DeployChange,
): Promise<{ readonly revision: string }> {
  const { clients, nameOf, limitMs } = connection;
  for (let attempt = 1; ; attempt += 1) {
    const current = await clients.rest('GET', nameOf(service));
    const body = deployment(current, change);
    const mask = Object.keys(body).filter((key) => key !== 'etag');
    try {
      const path = `${nameOf(service)}?updateMask=${mask.join(',')}`;
      const { name } = await clients.rest('PATCH', path, body);
      const done = await awaitOperation(clients, String(name), `deploying ${service}`, limitMs);
      return { revision: (done.latestReadyRevision ?? '').split('/').at(-1) ?? '' };
    } catch (error) {
      if (attempt === attempts || refusalOf(error).status !== 'ABORTED') throw error;
    }
  }
}

/** What is written: the next template, the traffic where it is not all on the latest yet, and what was read. */
function deployment(current: JsonObject, change: DeployChange): JsonObject {
  const { template, traffic, generation, etag } = current;
  const routed = allToLatest(traffic);
  const rollout = String(Number(generation ?? 0) + 1);
  return {
    template: nextTemplate(isObject(template) ? template : {}, change, rollout),
    ...(canonical(routed) === canonical(traffic) ? {} : { traffic: routed }),
    ...(typeof etag === 'string' ? { etag } : {}),
  };
}
