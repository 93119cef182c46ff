import type { Method } from '../admin-api.ts';
import { isObject, type JsonObject } from '../../../json.ts';
import { deleteRevision } from '../handlers/delete-revision.ts';
import { getOperation } from '../handlers/get-operation.ts';
import { getRevision } from '../handlers/get-revision.ts';
import { getService } from '../handlers/get-service.ts';
import { listOperations } from '../handlers/list-operations.ts';
import { listRevisions } from '../handlers/list-revisions.ts';
import { listServices } from '../handlers/list-services.ts';
import { updateService } from '../handlers/update-service.ts';
import { waitOperation } from '../handlers/wait-operation.ts';

/** A method of the API as gRPC calls it. */
export interface GrpcMethod {
  readonly method: Method;
  readonly takes: string;
  /** What REST has in its path, from the request's fields. */
  nameOf(request: JsonObject): string;
  /** What REST has in its body. */
  bodyOf?(request: JsonObject): JsonObject;
}

const named = (request: JsonObject): string => textOf(request['name']);
const under =
  (collection: string) =>
  (request: JsonObject): string =>
    `${textOf(request['parent'])}/${collection}`;

/** By service and method. */
export const grpcMethods: Readonly<Record<string, Readonly<Record<string, GrpcMethod>>>> = {
  'google.cloud.run.v2.Services': {
    GetService: { method: getService, takes: 'google.cloud.run.v2.GetServiceRequest', nameOf: named },
    ListServices: {
      method: listServices,
      takes: 'google.cloud.run.v2.ListServicesRequest',
      nameOf: under('services'),
    },
    UpdateService: {
      method: updateService,
      takes: 'google.cloud.run.v2.UpdateServiceRequest',
      nameOf: (request) => named(serviceOf(request)),
      bodyOf: serviceOf,
    },
  },
  'google.cloud.run.v2.Revisions': {
    GetRevision: { method: getRevision, takes: 'google.cloud.run.v2.GetRevisionRequest', nameOf: named },
    ListRevisions: {
      method: listRevisions,
      takes: 'google.cloud.run.v2.ListRevisionsRequest',
      nameOf: under('revisions'),
    },
    DeleteRevision: {
      method: deleteRevision,
      takes: 'google.cloud.run.v2.DeleteRevisionRequest',
      nameOf: named,
    },
  },
  'google.longrunning.Operations': {
    GetOperation: { method: getOperation, takes: 'google.longrunning.GetOperationRequest', nameOf: named },
    ListOperations: {
      method: listOperations,
      takes: 'google.longrunning.ListOperationsRequest',
      nameOf: (request) => `${named(request).replace(/\/operations$/, '')}/operations`,
    },
    WaitOperation: {
      method: waitOperation,
      takes: 'google.longrunning.WaitOperationRequest',
      nameOf: named,
      bodyOf: (request) => request,
    },
  },
};

function serviceOf(request: JsonObject): JsonObject {
  const service = request['service'];
  return isObject(service) ? service : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
