import type { Method } from './admin-api.ts';
import { deleteRevision } from './handlers/delete-revision.ts';
import { getOperation } from './handlers/get-operation.ts';
import { getRevision } from './handlers/get-revision.ts';
import { getService } from './handlers/get-service.ts';
import { listOperations } from './handlers/list-operations.ts';
import { listRevisions } from './handlers/list-revisions.ts';
import { listServices } from './handlers/list-services.ts';
import { updateService } from './handlers/update-service.ts';
import { waitOperation } from './handlers/wait-operation.ts';

const fixedServices =
  'services are neither created nor deleted here: the emulator runs those it was started with';
const noIam = 'there is no IAM in this emulator: its one token opens everything';
const runsToTheEnd = 'an operation here ends by itself and is then forgotten in turn';

/** By HTTP verb, what the path names, and the custom verb behind the colon; text says why there is none here. */
const routes: Readonly<Record<string, Method | string>> = {
  'GET services': listServices,
  'GET service': getService,
  'PATCH service': updateService,
  'GET revisions': listRevisions,
  'GET revision': getRevision,
  'DELETE revision': deleteRevision,
  'GET operations': listOperations,
  'GET operation': getOperation,
  'POST operation:wait': waitOperation,
  'POST services': fixedServices,
  'DELETE service': fixedServices,
  'GET service:getIamPolicy': noIam,
  'POST service:setIamPolicy': noIam,
  'POST service:testIamPermissions': noIam,
  'DELETE operation': runsToTheEnd,
  'POST operation:cancel': runsToTheEnd,
};

/**
 * The method for a call such as `PATCH service` or `POST operation:wait`. Text: one of the real API that has no
 * meaning here, and why. Undefined: none at all.
 */
export function routeOf(verb: string, shape: string, custom: string): Method | string | undefined {
  return routes[`${verb} ${shape}${custom === '' ? '' : `:${custom}`}`];
}
