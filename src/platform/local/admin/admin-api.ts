import type { AdminBackend, ServiceState } from './admin-backend.ts';
import { ApiError } from './api-error.ts';
import type { ApiSchema } from './api-schema.ts';
import type { JsonObject } from '../../json.ts';
import type { Operations } from './operations.ts';
import type { Parameters } from './parameters.ts';
import { serviceName, type ResourceName } from './resource-name.ts';

/** What all methods of the API work with. */
export interface AdminApi {
  readonly backend: AdminBackend;
  readonly schema: ApiSchema;
  readonly operations: Operations;
}

/** One call, whichever way it came. */
export interface ApiRequest {
  readonly name: ResourceName;
  readonly parameters: Parameters;
  readonly body: JsonObject;
}

/** A method: its answer as JSON with enums by name, and the type that says where they are. */
export interface Method {
  readonly answers: string;
  handle(api: AdminApi, request: ApiRequest): JsonObject | Promise<JsonObject>;
}

export const types = {
  service: 'google.cloud.run.v2.Service',
  services: 'google.cloud.run.v2.ListServicesResponse',
  revision: 'google.cloud.run.v2.Revision',
  revisions: 'google.cloud.run.v2.ListRevisionsResponse',
  operation: 'google.longrunning.Operation',
  operations: 'google.longrunning.ListOperationsResponse',
} as const;

/** The service that a request names. Throws NOT_FOUND. */
export function findService({ backend }: AdminApi, name: string): ServiceState {
  const found = backend.service(name);
  if (found === null)
    throw new ApiError(
      'NOT_FOUND',
      `Resource '${serviceName(backend, name)}' of kind 'SERVICE' does not exist.`,
    );
  return found;
}

/** There is one project and one location here. Throws NOT_FOUND for any other. */
export function checkPlace({ backend }: AdminApi, { project, location }: ResourceName): void {
  const { project: ownProject, location: ownLocation } = backend;
  if (project === ownProject && (location === ownLocation || location === '-')) return;
  throw new ApiError(
    'NOT_FOUND',
    `projects/${project}/locations/${location} is not here: this emulator has projects/${ownProject}/locations/${ownLocation}`,
  );
}
