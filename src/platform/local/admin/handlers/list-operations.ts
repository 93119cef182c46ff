import { types, type Method } from '../admin-api.ts';
import { pageOf } from '../paging.ts';

export const listOperations: Method = {
  answers: types.operations,
  handle: ({ operations }, { parameters }) => {
    const { items, nextPageToken } = pageOf(operations.list(), ({ name }) => String(name), parameters);
    return { operations: items, ...(nextPageToken === '' ? {} : { nextPageToken }) };
  },
};
