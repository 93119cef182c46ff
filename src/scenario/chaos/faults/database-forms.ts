import { z } from 'zod';
import { trim } from '../../../base/units.ts';
import { compact } from '../../../contract/cloud-run/reading.ts';
import { durationMs, positiveMs } from '../../with-unit.ts';
import type { DatabaseFault } from './database-fault.ts';
import { count, form, type FaultForm } from './fault-form.ts';

/** `orders` or `shop.orders`, as PostgreSQL itself would fold it: no quotes are needed or read. */
const table = z
  .string()
  .regex(/^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$/, 'expected the name of a table, with its schema or without')
  .max(127, 'must have at most 127 characters');

const hold = z
  .strictObject({ connections: count(1).optional(), leave_free: count(0).optional() })
  .refine(
    (given) => (given.connections === undefined) !== (given.leave_free === undefined),
    'needs connections or leave_free, one of the two',
  );

const slow = z
  .strictObject({ table: table.optional(), delay: positiveMs.optional(), backends: count(1).optional() })
  .refine(
    (given) => (given.table === undefined) === (given.delay === undefined),
    'table and delay belong together',
  )
  .refine(
    (given) => (given.table === undefined) !== (given.backends === undefined),
    'needs table with delay, or backends',
  );

const nothing = z.strictObject({});

export const databaseForms: Readonly<Record<DatabaseFault['kind'], FaultForm>> = {
  'db.half_open': form('db.half_open', {
    undoable: true,
    parameters: z.strictObject({ connections: count(1) }),
    make: (given) => ({ connections: given.connections }),
    write: (fault) => ({ connections: fault.connections }),
  }),
  'db.hold': form('db.hold', {
    undoable: true,
    parameters: hold,
    make: (given) => compact({ connections: given.connections, leaveFree: given.leave_free }),
    write: (fault) => ({ connections: fault.connections, leave_free: fault.leaveFree }),
  }),
  // What was ended is not brought back: the service connects again.
  'db.terminate': form('db.terminate', {
    undoable: false,
    parameters: z.strictObject({ count: count(1).optional() }),
    make: (given) => compact({ count: given.count }),
    write: (fault) => ({ count: fault.count }),
  }),
  'db.lock': form('db.lock', {
    undoable: true,
    parameters: z.strictObject({ table }),
    make: (given) => ({ table: given.table }),
    write: (fault) => ({ table: fault.table }),
  }),
  'db.slow': form('db.slow', {
    undoable: true,
    parameters: slow,
    make: (given) => compact({ table: given.table, delayMs: given.delay, backends: given.backends }),
    write: ({ table: name, delayMs, backends }) => ({
      table: name,
      delay: delayMs === undefined ? undefined : `${trim(delayMs, 3)}ms`,
      backends,
    }),
  }),
  'db.role_limit': form('db.role_limit', {
    undoable: true,
    parameters: z.strictObject({ connections: count(0) }),
    make: (given) => ({ connections: given.connections }),
    write: (fault) => ({ connections: fault.connections }),
  }),
  'db.rotate_password': form('db.rotate_password', {
    undoable: true,
    parameters: nothing,
    make: () => ({}),
    write: () => ({}),
  }),
  'db.expire_credentials': form('db.expire_credentials', {
    undoable: true,
    parameters: z.strictObject({ refresh_after: durationMs.optional() }),
    make: (given) => ({ refreshAfterMs: given.refresh_after ?? 0 }),
    write: (fault) => ({ refresh_after: `${trim(fault.refreshAfterMs, 3)}ms` }),
  }),
  // It is over when the server takes connections again.
  'db.restart': form('db.restart', {
    undoable: false,
    parameters: z.strictObject({ mode: z.enum(['smart', 'fast', 'immediate', 'crash']) }),
    make: (given) => ({ mode: given.mode }),
    write: (fault) => ({ mode: fault.mode }),
  }),
  'db.freeze': form('db.freeze', {
    undoable: true,
    parameters: z.strictObject({ what: z.enum(['backends', 'accepting']) }),
    make: (given) => ({ what: given.what }),
    write: (fault) => ({ what: fault.what }),
  }),
  'db.max_connections': form('db.max_connections', {
    undoable: true,
    parameters: z.strictObject({
      value: z.int().min(10, 'must be at least 10').max(10_000, 'must be at most 10000'),
    }),
    make: (given) => ({ value: given.value }),
    write: (fault) => ({ value: fault.value }),
  }),
};
