import { z } from 'zod';
import { compact } from '../../../contract/cloud-run/reading.ts';
import { positiveMs } from '../../language/with-unit.ts';
import type { FaultSpec } from '../fault-spec.ts';

/** A command of the person's own. */
export interface Exec {
  readonly kind: 'exec';
  readonly command: readonly [string, ...string[]];
  /** Takes it back; null where nothing does. */
  readonly undo: readonly [string, ...string[]] | null;
  readonly timeoutMs: number;
}

/** A program and its arguments: no shell reads them. */
const command = z.tuple([z.string().min(1)], z.string('expected text: put it in quotes'));

const timeoutMs = { unlessGiven: 10_000, most: 60_000 } as const;

const shape = z.strictObject({
  command: command
    .describe('The program and its arguments, run in the scenario’s folder; no shell reads them.')
    .meta({ examples: [['./chaos/fill-disk.sh', '90']] }),
  undo: command
    .optional()
    .describe('The command that takes it back; needed by "for".')
    .meta({ examples: [['./chaos/free-disk.sh']] }),
  timeout: positiveMs
    .refine((ms) => ms <= timeoutMs.most, 'must be at most 60s')
    .optional()
    .describe('How long a command may take; at most 60s. Default: 10s.')
    .meta({ examples: ['10s'] }),
});

function copyOf([program, ...rest]: Exec['command']): [string, ...string[]] {
  return [program, ...rest];
}

export const exec: FaultSpec<Exec> = {
  kind: 'exec',
  undoable: true,
  needs: [],
  parameters: z
    .codec(shape, z.custom<Exec>(), {
      decode: (given): Exec => ({
        kind: 'exec',
        command: given.command,
        undo: given.undo ?? null,
        timeoutMs: given.timeout ?? timeoutMs.unlessGiven,
      }),
      encode: (fault) =>
        compact({
          command: copyOf(fault.command),
          undo: fault.undo === null ? undefined : copyOf(fault.undo),
          timeout: fault.timeoutMs,
        }),
    })
    .describe('Runs a command of this machine; needs allow_exec under safety.')
    .meta({ examples: [{ command: ['./chaos/fill-disk.sh', '90'], undo: ['./chaos/free-disk.sh'] }] }),
};
