import fc from 'fast-check';
import type { DatabaseFault } from '../../src/scenario/chaos/faults/database-fault.ts';
import type { ExecFault } from '../../src/scenario/chaos/faults/exec-fault.ts';

type Known = DatabaseFault | ExecFault;

const count = fc.integer({ min: 1, max: 1000 });
const table = fc.stringMatching(/^[a-z_]{1,9}(\.[a-z_]{1,9})?$/);
const command = fc.tuple(fc.constant('touch'), fc.string());

/** Every fault on the database, and commands, with whatever parameters. */
export const databaseFaultArbitraries: {
  readonly [K in Known['kind']]: fc.Arbitrary<Extract<Known, { kind: K }>>;
} = {
  'db.half_open': count.map((connections) => ({ kind: 'db.half_open', connections })),
  'db.hold': fc.oneof(
    count.map((connections) => ({ kind: 'db.hold' as const, connections })),
    fc.nat(1000).map((leaveFree) => ({ kind: 'db.hold' as const, leaveFree })),
  ),
  'db.terminate': fc.oneof(
    fc.constant({ kind: 'db.terminate' as const }),
    count.map((n) => ({ kind: 'db.terminate' as const, count: n })),
  ),
  'db.lock': table.map((name) => ({ kind: 'db.lock', table: name })),
  'db.slow': fc.oneof(
    count.map((backends) => ({ kind: 'db.slow' as const, backends })),
    fc.tuple(table, count).map(([name, delayMs]) => ({ kind: 'db.slow' as const, table: name, delayMs })),
  ),
  'db.role_limit': fc.nat(1000).map((connections) => ({ kind: 'db.role_limit', connections })),
  'db.rotate_password': fc.constant({ kind: 'db.rotate_password' }),
  'db.expire_credentials': fc
    .nat(100_000)
    .map((refreshAfterMs) => ({ kind: 'db.expire_credentials', refreshAfterMs })),
  'db.restart': fc
    .constantFrom('smart', 'fast', 'immediate', 'crash')
    .map((mode) => ({ kind: 'db.restart', mode })),
  'db.freeze': fc.constantFrom('backends', 'accepting').map((what) => ({ kind: 'db.freeze', what })),
  'db.max_connections': fc
    .integer({ min: 10, max: 10_000 })
    .map((value) => ({ kind: 'db.max_connections', value })),
  exec: fc
    .tuple(command, fc.option(command, { nil: null }), fc.integer({ min: 1, max: 60_000 }))
    .map(([given, undo, timeoutMs]) => ({ kind: 'exec', command: given, undo, timeoutMs })),
};
