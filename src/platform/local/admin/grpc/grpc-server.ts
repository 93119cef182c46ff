import type { handleUnaryCall, Metadata, ServiceDefinition, status as GrpcStatus } from '@grpc/grpc-js';
import { checkPlace, type AdminApi } from '../admin-api.ts';
import { ApiError, asApiError, type ApiStatus } from '../api-error.ts';
import { checkToken } from '../access.ts';
import { isObject, type JsonObject } from '../../../json.ts';
import { noParameters, type Parameters } from '../parameters.ts';
import { readResourceName } from '../resource-name.ts';
import { grpcMethods, type GrpcMethod } from './grpc-methods.ts';
import { fromWire, toWire } from './wire-form.ts';

export interface RunningGrpc {
  readonly port: number;
  close(): void;
}

/** gRPC has the same names for what goes wrong. */
type Codes = Readonly<Record<ApiStatus, GrpcStatus>>;
type Handler = handleUnaryCall<JsonObject, JsonObject>;

/** Opens a gRPC door without TLS on loopback: the same methods as REST, asked for in another way. */
export async function openGrpc(api: AdminApi, protocol: object, token: string): Promise<RunningGrpc> {
  const grpc = await import('@grpc/grpc-js');
  const { fromJSON } = await import('@grpc/proto-loader');
  const definitions = fromJSON(protocol, { longs: String, enums: String, defaults: false });
  const server = new grpc.Server();
  for (const [service, methods] of Object.entries(grpcMethods)) {
    const definition = definitions[service] as ServiceDefinition;
    server.addService(
      definition,
      Object.fromEntries(
        Object.entries(methods).map(([name, one]) => [name, handlerOf(api, one, token, grpc.status)]),
      ),
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { port, close: () => server.forceShutdown() };
}

function handlerOf(api: AdminApi, grpcMethod: GrpcMethod, token: string, codes: Codes): Handler {
  return (call, callback) => {
    answerTo(api, grpcMethod, call.request, call.metadata, token).then(
      (answer) => callback(null, answer),
      (error: unknown) => {
        const { status, message } = asApiError(error);
        callback({ code: codes[status], details: message });
      },
    );
  };
}

async function answerTo(
  api: AdminApi,
  grpcMethod: GrpcMethod,
  message: JsonObject,
  metadata: Metadata,
  token: string,
): Promise<JsonObject> {
  const [authorization] = metadata.get('authorization');
  checkToken(typeof authorization === 'string' ? authorization : undefined, token);
  const { schema } = api;
  const { method } = grpcMethod;
  const request = fromWire(schema, schema.message(grpcMethod.takes), message);
  const full = grpcMethod.nameOf(request);
  const name = readResourceName(full);
  if (name === null || name.shape === 'other')
    throw new ApiError('INVALID_ARGUMENT', `not a resource name: "${full}"`);
  checkPlace(api, name);
  const answer = await method.handle(api, {
    name,
    parameters: parametersOf(request),
    body: grpcMethod.bodyOf?.(request) ?? {},
  });
  return toWire(schema, schema.message(method.answers), answer);
}

/** What REST has in its query string. */
function parametersOf(request: JsonObject): Parameters {
  const text = (key: string): string => (typeof request[key] === 'string' ? request[key] : '');
  const mask = request['updateMask'];
  const paths = isObject(mask) && Array.isArray(mask['paths']) ? mask['paths'] : [];
  return {
    ...noParameters,
    pageSize: Number(request['pageSize'] ?? 0),
    pageToken: text('pageToken'),
    updateMask: paths.length === 0 ? null : paths.join(','),
    validateOnly: request['validateOnly'] === true,
    allowMissing: request['allowMissing'] === true,
    etag: text('etag'),
  };
}
