import { findService, types, type Method } from '../admin-api.ts';
import { renderService } from '../render-service.ts';

export const getService: Method = {
  answers: types.service,
  handle: (api, { name }) => renderService(api.schema, api.backend, findService(api, name.service)),
};
