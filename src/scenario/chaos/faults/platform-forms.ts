import { z } from 'zod';
import { trim } from '../../../base/units.ts';
import { durationMs } from '../../with-unit.ts';
import { count, form, type FaultForm } from './fault-form.ts';
import type { PlatformFault } from './platform-fault.ts';

export const platformForms: Readonly<Record<PlatformFault['kind'], FaultForm>> = {
  // What is dead is not brought back: the platform starts another instance.
  'instance.kill': form('instance.kill', {
    undoable: false,
    parameters: z.strictObject({ count: count(1) }),
    make: (given) => ({ count: given.count }),
    write: (fault) => ({ count: fault.count }),
  }),
  'instance.hang': form('instance.hang', {
    undoable: true,
    parameters: z.strictObject({ count: count(1) }),
    make: (given) => ({ count: given.count }),
    write: (fault) => ({ count: fault.count }),
  }),
  'platform.over_max': form('platform.over_max', {
    undoable: true,
    parameters: z.strictObject({
      factor: z.number().min(1, 'must be at least 1').max(10, 'must be at most 10'),
    }),
    make: (given) => ({ factor: given.factor }),
    write: (fault) => ({ factor: fault.factor }),
  }),
  'platform.slow_start': form('platform.slow_start', {
    undoable: true,
    parameters: z.strictObject({ delay: durationMs }),
    make: (given) => ({ delayMs: given.delay }),
    write: (fault) => ({ delay: `${trim(fault.delayMs, 3)}ms` }),
  }),
  'platform.fail_start': form('platform.fail_start', {
    undoable: true,
    parameters: z.strictObject({}),
    make: () => ({}),
    write: () => ({}),
  }),
  'platform.reject': form('platform.reject', {
    undoable: true,
    parameters: z.strictObject({}),
    make: () => ({}),
    write: () => ({}),
  }),
};
