import { findService, types, type AdminApi, type Method } from '../admin-api.ts';
import type { RevisionState } from '../admin-backend.ts';
import { pageOf } from '../paging.ts';
import { renderRevision } from '../render-revision.ts';

export const listRevisions: Method = {
  answers: types.revisions,
  handle: (api, { name, parameters }) => {
    const revisions = revisionsOf(api, name.service);
    const { items, nextPageToken } = pageOf(revisions, (one) => `${one.service}/${one.name}`, parameters);
    return {
      revisions: items.map((state) => renderRevision(api.schema, api.backend, state)),
      ...(nextPageToken === '' ? {} : { nextPageToken }),
    };
  },
};

/** The newest first; `-` stands for all services. */
function revisionsOf(api: AdminApi, service: string): readonly RevisionState[] {
  if (service === '-') return api.backend.services().flatMap(({ revisions }) => revisions);
  return findService(api, service).revisions;
}
