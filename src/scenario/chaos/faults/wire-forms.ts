import { z } from 'zod';
import { trim } from '../../../base/units.ts';
import { bytesPerSec, positiveMs } from '../../with-unit.ts';
import { form, type FaultForm } from './fault-form.ts';
import type { WireFault } from './wire-fault.ts';

const nothing = { parameters: z.strictObject({}), make: () => ({}), write: () => ({}) };

export const wireForms: Readonly<Record<WireFault['kind'], FaultForm>> = {
  'db.latency': form('db.latency', {
    undoable: true,
    parameters: z.strictObject({ delay: positiveMs }),
    make: (given) => ({ delayMs: given.delay }),
    write: (fault) => ({ delay: `${trim(fault.delayMs, 3)}ms` }),
  }),
  'db.jitter': form('db.jitter', {
    undoable: true,
    parameters: z
      .strictObject({ delay: positiveMs, spread: positiveMs })
      .refine(({ delay, spread }) => spread <= delay, {
        error: 'must be at most delay: nothing comes before it was sent',
        path: ['spread'],
      }),
    make: (given) => ({ delayMs: given.delay, spreadMs: given.spread }),
    write: (fault) => ({ delay: `${trim(fault.delayMs, 3)}ms`, spread: `${trim(fault.spreadMs, 3)}ms` }),
  }),
  'db.bandwidth': form('db.bandwidth', {
    undoable: true,
    parameters: z.strictObject({ rate: bytesPerSec.refine((rate) => rate >= 1, 'must be at least 1B/s') }),
    make: (given) => ({ bytesPerSec: given.rate }),
    write: (fault) => ({ rate: `${trim(fault.bytesPerSec, 3)}B/s` }),
  }),
  // Sessions that were broken off do not come back: their clients open others.
  'db.reset': form('db.reset', { undoable: false, ...nothing }),
  'db.blackhole': form('db.blackhole', { undoable: true, ...nothing }),
  'db.refuse': form('db.refuse', { undoable: true, ...nothing }),
};
