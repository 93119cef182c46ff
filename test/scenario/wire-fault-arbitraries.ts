import fc from 'fast-check';
import type { Fault } from '../../src/scenario/chaos/faults/fault.ts';
import type { WireFault } from '../../src/scenario/chaos/faults/wire-fault.ts';

const ms = fc.integer({ min: 1, max: 100_000 });

/** Any of the faults on the wire. */
export const wireFaultArbitraries: Readonly<Record<WireFault['kind'], fc.Arbitrary<Fault>>> = {
  'db.latency': ms.map((delayMs) => ({ kind: 'db.latency', delayMs })),
  'db.jitter': fc.tuple(ms, ms).map((two) => ({
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
};
