import { findService, types, type AdminApi, type Method } from '../admin-api.ts';
import type { RevisionState } from '../admin-backend.ts';
import { ApiError } from '../api-error.ts';
import { makeEtag, sameEtag } from '../etag.ts';
import { renderRevision } from '../render-revision.ts';
import { shortName } from '../resource-name.ts';
import { findRevision } from './get-revision.ts';

export const deleteRevision: Method = {
  answers: types.operation,
  handle: (api, { name, parameters }) => {
    const revision = findRevision(api, name);
    const { etag, validateOnly } = parameters;
    if (etag !== '' && !sameEtag(etag, makeEtag(revision.uid, revision.generation)))
      throw new ApiError('ABORTED', `Conflict for resource '${revision.name}': its etag is another.`);
    checkUnused(api, revision);
    const shown = renderRevision(api.schema, api.backend, revision);
    return api.operations.begin(types.revision, shown, async () => {
      if (!validateOnly) await api.backend.deleteRevision(revision.service, revision.name);
      return { shown, error: null };
    });
  },
};

/** As Cloud Run does, the newest revision and those that requests can reach, or are about to, are kept. */
function checkUnused(api: AdminApi, revision: RevisionState): void {
  const service = findService(api, revision.service);
  const lines = [...service.traffic, ...(service.resource.traffic ?? [])];
  const reached = lines.some((line) => shortName(line.revision ?? '') === revision.name);
  const newest = service.latestCreated === revision.name || service.latestReady === revision.name;
  if (!reached && !newest) return;
  const why = reached ? 'it has traffic or a tag' : 'it is the latest';
  throw new ApiError('FAILED_PRECONDITION', `Revision '${revision.name}' can't be deleted: ${why}.`);
}
