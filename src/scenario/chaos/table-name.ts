import { z } from 'zod';

/** `orders` or `shop.orders`, as PostgreSQL itself would fold it: no quotes are needed or read. */
export const tableName = z
  .string()
  .regex(/^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$/, 'expected the name of a table, with its schema or without')
  .max(127, 'must have at most 127 characters');
