import { KnownError } from '../../base/errors.ts';
import type { Clients, Connection } from './clients.ts';
import type { AdminPlace, CloudRunAdmin, SnapshotPart } from './cloud-run-admin.ts';
import { deploy } from './deploy.ts';
import { awaitOperation } from './operation.ts';
import { callFailed } from './refusal.ts';
import { restore, takeSnapshot } from './restore.ts';
import { trafficJson } from './traffic-lines.ts';
import { revisionView, serviceView } from './views.ts';

/** An instance may take four minutes to start; a change that is still not done well after that never will be. */
const defaultLimitMs = 360_000;

/**
 * Connects to the Admin API of Google or of an emulator: one way for both, through the official client. Values
 * that the client's protocol description doesn't have would be lost when it reads a template and writes it
 * back; so templates travel as the API's own JSON, over the client's own transport and credentials, and the
 * client's typed calls write only what replaces a part as a whole or names single fields.
 */
export async function connectAdmin(
  place: AdminPlace,
  limitMs: number = defaultLimitMs,
): Promise<CloudRunAdmin> {
  const { openClients } = await import('./clients.ts');
  const clients = openClients(place);
  const nameOf = (service: string): string =>
    `projects/${place.project}/locations/${place.location}/services/${service}`;
  const connection: Connection = { clients, nameOf, limitMs };
  return {
    service: async (name) => {
      const [service] = await told(`reading ${name}`, () =>
        clients.services.getService({ name: nameOf(name) }),
      );
      return serviceView(service);
    },
    revisions: async (name) => {
      const [revisions] = await told(`listing the revisions of ${name}`, () =>
        clients.revisions.listRevisions({ parent: nameOf(name) }),
      );
      return revisions.map(revisionView);
    },
    deploy: (name, change) => told(`deploying ${name}`, () => deploy(connection, name, change)),
    traffic: (name, lines) =>
      update(connection, `shifting the traffic of ${name}`, {
        service: { name: nameOf(name), traffic: [...trafficJson(lines)] },
        updateMask: { paths: ['traffic'] },
      }),
    scale: (name, { min, max }) =>
      update(connection, `scaling ${name}`, {
        service: {
          name: nameOf(name),
          scaling: {
            ...(min === undefined ? {} : { minInstanceCount: min }),
            ...(max === undefined ? {} : { maxInstanceCount: max }),
          },
        },
        updateMask: {
          paths: [
            ...(min === undefined ? [] : ['scaling.min_instance_count']),
            ...(max === undefined ? [] : ['scaling.max_instance_count']),
          ],
        },
      }),
    snapshot: (name) => told(`reading ${name}`, () => takeSnapshot(connection, name)),
    restore: (snapshot, parts: readonly SnapshotPart[] = ['template', 'traffic', 'scaling']) =>
      told(`restoring ${snapshot.service}`, () => restore(connection, snapshot, parts)),
  };
}

type UpdateRequest = NonNullable<Parameters<Clients['services']['updateService']>[0]>;

function update({ clients, limitMs }: Connection, what: string, request: UpdateRequest): Promise<void> {
  if ((request.updateMask?.paths ?? []).length === 0) return Promise.resolve();
  return told(what, async () => {
    const [operation] = await clients.services.updateService(request);
    await awaitOperation(clients, operation.name ?? '', what, limitMs);
  });
}

/** What the call throws becomes a known error, unless it is one. */
async function told<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof KnownError ? error : callFailed(what, error);
  }
}
