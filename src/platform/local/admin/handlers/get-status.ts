import type { AdminApi } from '../admin-api.ts';
import type { RevisionState, ServiceState } from '../admin-backend.ts';
import type { JsonObject } from '../../../json.ts';

/** The emulator's own: every service with its revisions, instances and queue at this moment. */
export function getStatus({ backend }: AdminApi): JsonObject {
  return {
    project: backend.project,
    location: backend.location,
    services: backend.services().map(serviceStatus),
  };
}

function serviceStatus(state: ServiceState): JsonObject {
  const { name, url, reconciling, problem, latestCreated, latestReady, traffic, links } = state;
  return {
    name,
    url,
    reconciling,
    problem,
    latestCreated,
    latestReady,
    traffic,
    links: [...links],
    revisions: state.revisions.map(revisionStatus),
  };
}

function revisionStatus(revision: RevisionState): JsonObject {
  const { name, state, problem, minInstances, maxInstances, instances, inFlight, queued } = revision;
  const { concurrency } = revision.spec;
  return { name, state, problem, minInstances, maxInstances, concurrency, instances, inFlight, queued };
}
