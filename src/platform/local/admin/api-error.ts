import type { JsonObject } from '../../json.ts';

/** Google's canonical codes that this API answers with: the HTTP status and the number that gRPC uses. */
export const statuses = {
  INVALID_ARGUMENT: { http: 400, grpc: 3 },
  NOT_FOUND: { http: 404, grpc: 5 },
  ALREADY_EXISTS: { http: 409, grpc: 6 },
  PERMISSION_DENIED: { http: 403, grpc: 7 },
  RESOURCE_EXHAUSTED: { http: 429, grpc: 8 },
  FAILED_PRECONDITION: { http: 400, grpc: 9 },
  ABORTED: { http: 409, grpc: 10 },
  UNIMPLEMENTED: { http: 501, grpc: 12 },
  INTERNAL: { http: 500, grpc: 13 },
  UNAUTHENTICATED: { http: 401, grpc: 16 },
} as const;

export type ApiStatus = keyof typeof statuses;

/** One field that is wrong: its path in the resource or its parameter. */
export interface Violation {
  readonly field: string;
  readonly description: string;
}

/** A refusal of the API, for the client to read. */
export class ApiError extends Error {
  readonly status: ApiStatus;
  readonly violations: readonly Violation[];

  constructor(status: ApiStatus, message: string, violations: readonly Violation[] = []) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.violations = violations;
  }
}

/** INVALID_ARGUMENT that names every field that is wrong. */
export function invalidArgument(violations: readonly Violation[]): ApiError {
  const message = violations.map(({ field, description }) => `${field}: ${description}`).join('\n');
  return new ApiError('INVALID_ARGUMENT', message, violations);
}

/** Anything thrown, as a refusal: what is not one is a defect of the emulator and says so. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError('INTERNAL', error instanceof Error ? error.message : String(error));
}

/** The body of a refusal as Google's REST APIs have it. */
export function errorBody(error: ApiError): JsonObject {
  const { status, message, violations } = error;
  const details = [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: violations }];
  return {
    error: { code: statuses[status].http, message, status, ...(violations.length > 0 ? { details } : {}) },
  };
}
