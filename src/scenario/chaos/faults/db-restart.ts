import { z } from 'zod';
import type { FaultSpec } from '../fault-spec.ts';

/** Stops the server and starts it. It is over when the server takes connections again. */
export interface DbRestart {
  readonly kind: 'db.restart';
  readonly mode: 'smart' | 'fast' | 'immediate' | 'crash';
}

const shape = z.strictObject({
  mode: z
    .enum(['smart', 'fast', 'immediate', 'crash'])
    .describe('How it is stopped: a shutdown mode of PostgreSQL, or "crash" for SIGKILL.')
    .meta({ examples: ['fast'] }),
});

export const dbRestart: FaultSpec<DbRestart> = {
  kind: 'db.restart',
  undoable: false,
  needs: ['admin_role', 'processes'],
  restores: 'server',
  parameters: z
    .codec(shape, z.custom<DbRestart>(), {
      decode: ({ mode }): DbRestart => ({ kind: 'db.restart', mode }),
      encode: ({ mode }) => ({ mode }),
    })
    .describe('Restarts the server.')
    .meta({ examples: [{ mode: 'fast' }] }),
};
