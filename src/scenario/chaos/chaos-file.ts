import { z } from 'zod';
import { faultNames } from './faults/fault-forms.ts';
import { label } from '../target/local-file.ts';
import { durationMs } from '../with-unit.ts';

/** `chaos:`, a list of steps. Names and parameters of faults are checked one by one, to say what is near. */
export const chaosFile = z.array(
  z.strictObject({
    at: z
      .string('expected a phase, a phase and a time such as "burst+3s", or a time since the load began')
      .describe('PHASE, PHASE+DURATION, or DURATION since the load began.'),
    for: durationMs
      .refine((ms) => ms > 0, 'must be more than 0')
      .optional()
      .describe('Undone after this long. Only for what can be undone.'),
    do: z
      .string()
      .meta({ enum: [...faultNames] })
      .describe('The fault.'),
    with: z.record(z.string(), z.unknown()).optional().describe('The parameters of the fault.'),
    service: label.optional().describe('Which service; the one that load is sent at unless given.'),
  }),
);

export type StepInFile = z.output<typeof chaosFile>[number];
