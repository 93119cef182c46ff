import fc from 'fast-check';
import type { FaultKind, FaultOf } from '../../../src/scenario/chaos/faults.ts';

const count = fc.integer({ min: 1, max: 1000 });
const least = fc.integer({ min: 0, max: 5 });
const most = fc.integer({ min: 5, max: 9 });
const positiveMs = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
const table = fc.stringMatching(/^[a-z_]{1,9}(\.[a-z_]{1,9})?$/);
const command = fc.tuple(fc.constant('touch'), fc.string());

/** Every kind of fault, with any parameters. */
export const faultArbitraries: { readonly [K in FaultKind]: fc.Arbitrary<FaultOf<K>> } = {
  'revision.deploy': fc.record(
    {
      kind: fc.constant('revision.deploy' as const),
      env: fc.dictionary(fc.stringMatching(/^[A-Z]{3}$/), fc.string()),
      minInstances: least,
      maxInstances: most,
      concurrency: count,
    },
    { requiredKeys: ['kind', 'env'] },
  ),
  'revision.traffic': fc.integer({ min: 0, max: 100 }).map((latest) => ({
    kind: 'revision.traffic',
    percent: { latest, previous: 100 - latest },
  })),
  'service.scale': fc.record(
    { kind: fc.constant('service.scale' as const), minInstances: least, maxInstances: most },
    { requiredKeys: ['kind', 'minInstances'] },
  ),
  'instance.kill': count.map((n) => ({ kind: 'instance.kill', count: n })),
  'instance.hang': count.map((n) => ({ kind: 'instance.hang', count: n })),
  'platform.over_max': fc
    .integer({ min: 10, max: 100 })
    .map((tenths) => ({ kind: 'platform.over_max', factor: tenths / 10 })),
  'platform.slow_start': fc.nat(100_000).map((delayMs) => ({ kind: 'platform.slow_start', delayMs })),
  'platform.fail_start': fc.constant({ kind: 'platform.fail_start' }),
  'platform.reject': fc.constant({ kind: 'platform.reject' }),
  'db.latency': positiveMs.map((delayMs) => ({ kind: 'db.latency', delayMs })),
  'db.jitter': fc.tuple(positiveMs, positiveMs).map((two) => ({
    kind: 'db.jitter',
    delayMs: Math.max(...two),
    spreadMs: Math.min(...two),
  })),
  'db.bandwidth': fc
    .integer({ min: 1, max: 1e9 })
    .map((bytesPerSec) => ({ kind: 'db.bandwidth', bytesPerSec })),
  'db.reset': fc.constant({ kind: 'db.reset' }),
  'db.blackhole': fc.constant({ kind: 'db.blackhole' }),
  'db.refuse': fc.constant({ kind: 'db.refuse' }),
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
