import { z } from 'zod';
import { trim } from '../../../base/units.ts';
import { positiveMs } from '../../with-unit.ts';
import type { ExecFault } from './exec-fault.ts';
import { form, type FaultForm } from './fault-form.ts';

/** A program and its arguments: no shell reads them. */
const command = z.tuple([z.string().min(1)], z.string('expected text: put it in quotes'));

const timeoutMs = { unlessGiven: 10_000, most: 60_000 } as const;

export const execForms: Readonly<Record<ExecFault['kind'], FaultForm>> = {
  exec: form('exec', {
    undoable: true,
    parameters: z.strictObject({
      command,
      undo: command.optional(),
      timeout: positiveMs.refine((ms) => ms <= timeoutMs.most, 'must be at most 60s').optional(),
    }),
    make: (given) => ({
      command: given.command,
      undo: given.undo ?? null,
      timeoutMs: given.timeout ?? timeoutMs.unlessGiven,
    }),
    write: (fault) => ({
      command: [...fault.command],
      undo: fault.undo === null ? undefined : [...fault.undo],
      timeout: `${trim(fault.timeoutMs, 3)}ms`,
    }),
  }),
};
