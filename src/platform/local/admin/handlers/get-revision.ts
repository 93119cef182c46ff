import { findService, types, type AdminApi, type Method } from '../admin-api.ts';
import type { RevisionState } from '../admin-backend.ts';
import { ApiError } from '../api-error.ts';
import { renderRevision } from '../render-revision.ts';
import { revisionName, type ResourceName } from '../resource-name.ts';

export const getRevision: Method = {
  answers: types.revision,
  handle: (api, { name }) => renderRevision(api.schema, api.backend, findRevision(api, name)),
};

/** The revision that a request names. Throws NOT_FOUND. */
export function findRevision(api: AdminApi, { service, revision }: ResourceName): RevisionState {
  const found = findService(api, service).revisions.find(({ name }) => name === revision);
  if (found !== undefined) return found;
  const full = revisionName(api.backend, service, revision);
  throw new ApiError('NOT_FOUND', `Resource '${full}' of kind 'REVISION' does not exist.`);
}
