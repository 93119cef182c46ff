import { types, type Method } from '../admin-api.ts';
import { pageOf } from '../paging.ts';
import { renderService } from '../render-service.ts';

export const listServices: Method = {
  answers: types.services,
  handle: (api, { parameters }) => {
    const { schema, backend } = api;
    const services = [...backend.services()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, nextPageToken } = pageOf(services, ({ name }) => name, parameters);
    return {
      services: items.map((state) => renderService(schema, backend, state)),
      ...(nextPageToken === '' ? {} : { nextPageToken }),
    };
  },
};
