import { types, type AdminApi, type Method } from '../admin-api.ts';
import { serviceName, type ResourceName } from '../resource-name.ts';

export const getOperation: Method = {
  answers: types.operation,
  handle: (api, { name }) => api.operations.get(operationName(api, name)),
};

/** `projects/P/locations/L/operations/ID` */
export function operationName({ backend }: AdminApi, { operation }: ResourceName): string {
  return serviceName(backend, '').replace(/services\/$/, `operations/${operation}`);
}
